using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>kill</c>, <c>start</c>, <c>restart</c>: of a program on whichever core it is.</summary>
internal static class ProgramControl
{
    internal static void Kill(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument)
    {
        if (ProgramPlace.TryFind(in around, ref informants, argument, out ProgramPlace place))
        {
            Tell(in around, argument, informants.Stop(place.Core, place.Program, out SystemAnswer answer), answer, "taken away"u8);
        }
    }

    internal static void Start(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument)
    {
        if (ProgramPlace.TryFind(in around, ref informants, argument, out ProgramPlace place))
        {
            Tell(in around, argument, informants.Start(place.Core, place.Program, out SystemAnswer answer), answer, "started"u8);
        }
    }

    internal static void Restart(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument)
    {
        if (ProgramPlace.TryFind(in around, ref informants, argument, out ProgramPlace place))
        {
            Tell(in around, argument, informants.Restart(place.Core, place.Program, out SystemAnswer answer), answer, "started again"u8);
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
            SystemAnswer.Yourself when Text.StartsWith(name, "shell"u8) => "that is this shell, which would hear no answer; 'exit' ends the machine"u8,
            SystemAnswer.Yourself => "that is who carries the order, so no answer would come"u8,
            _ => "there is no such program"u8,
        });
        text.Add("\n"u8);
        around.Print(in text);
    }
}
