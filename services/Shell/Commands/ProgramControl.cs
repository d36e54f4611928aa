using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>kill</c>, <c>start</c>, <c>restart</c>.</summary>
internal static class ProgramControl
{
    internal static void Kill(in Surroundings around, ReadOnlySpan<byte> name)
    {
        if (Programs.TryFind(in around, name, out uint program))
        {
            Tell(in around, name, around.System.Stop(program, out SystemAnswer answer), answer, "taken away"u8);
        }
    }

    internal static void Start(in Surroundings around, ReadOnlySpan<byte> name)
    {
        if (Programs.TryFind(in around, name, out uint program))
        {
            Tell(in around, name, around.System.Start(program, out SystemAnswer answer), answer, "started"u8);
        }
    }

    internal static void Restart(in Surroundings around, ReadOnlySpan<byte> name)
    {
        if (Programs.TryFind(in around, name, out uint program))
        {
            Tell(in around, name, around.System.Restart(program, out SystemAnswer answer), answer, "started again"u8);
        }
    }

    private static void Tell(in Surroundings around, ReadOnlySpan<byte> name, CallResult result, SystemAnswer answer, ReadOnlySpan<byte> done)
    {
        TextBuffer text = default;
        text.Add(name);
        text.Add(": "u8);
        text.Add(result != CallResult.Ok ? "Init does not answer"u8 : answer switch
        {
            SystemAnswer.Done => done,
            SystemAnswer.Elsewhere => "it runs on another core"u8,
            SystemAnswer.WrongState => "it runs already, or does not run; 'ps' shows which"u8,
            SystemAnswer.Failed => "it cannot be started; 'ps' shows why"u8,
            SystemAnswer.Yourself => "that is this shell, which would hear no answer; 'exit' ends the machine"u8,
            _ => "there is no such program"u8,
        });
        text.Add("\n"u8);
        around.Print(in text);
    }
}
