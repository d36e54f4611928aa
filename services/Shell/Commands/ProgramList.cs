using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>ps</c>: the programs of the system.</summary>
internal static class ProgramList
{
    private const int NameWidth = 14;

    internal static void Show(in Surroundings around)
    {
        bool isWide = around.IsWide;
        around.Print(isWide
            ? "program        state      prio  starts     time ms     calls   memory\n"u8
            : "program        state\n"u8);
        uint count = Programs.Count(in around);
        ProgramName name = default;
        for (uint program = 0; program < count; program++)
        {
            if (Programs.TryDescribe(in around, program, ref name, out ProgramFacts facts))
            {
                Line(in around, program, Text.FieldOf(ref name).Slice(0, (int)facts.NameLength), in facts, isWide);
            }
        }
    }

    private static void Line(in Surroundings around, uint program, ReadOnlySpan<byte> name, in ProgramFacts facts, bool isWide)
    {
        TextBuffer text = default;
        text.AddPadded(name, NameWidth);
        text.Add(" "u8);
        text.AddPadded(StateName(facts.State), isWide ? 10 : 0);
        if (isWide)
        {
            text.AddAligned(facts.Priority, 5);
            text.AddAligned(facts.Starts, 8);
            text.AddAligned(facts.Microseconds / 1000, 12);
            text.AddAligned(facts.SystemCalls, 10);
            text.AddAligned(facts.MemoryBytes / 1024, 5);
            text.Add(" KiB"u8);
        }

        Why(in around, program, in facts, ref text);
        text.Add("\n"u8);
        around.Print(in text);
    }

    private static void Why(in Surroundings around, uint program, in ProgramFacts facts, ref TextBuffer text)
    {
        if (facts.State is ProgramState.Running or ProgramState.Elsewhere or ProgramState.Stopped
            || around.System.Why(program, out StartFailure failure, out uint fault, out uint exitCode, out SystemAnswer answer) != CallResult.Ok
            || answer != SystemAnswer.Done)
        {
            return;
        }

        text.Add("  "u8);
        switch (facts.State)
        {
            case ProgramState.Failed:
                text.Add(FailureName(failure));
                break;
            case ProgramState.Ended:
                text.Add("code "u8);
                text.Add(exitCode);
                break;
            default:
                text.Add(FaultNames.Of((FaultKind)fault));
                break;
        }
    }

    private static ReadOnlySpan<byte> StateName(ProgramState state) => state switch
    {
        ProgramState.Elsewhere => "elsewhere"u8,
        ProgramState.Running => "running"u8,
        ProgramState.Ended => "ended"u8,
        ProgramState.Faulted => "faulted"u8,
        ProgramState.Stopped => "stopped"u8,
        _ => "failed"u8,
    };

    private static ReadOnlySpan<byte> FailureName(StartFailure failure) => failure switch
    {
        StartFailure.ImageMissing => "its image is not in the bundle"u8,
        StartFailure.ImageInvalid => "its image cannot be loaded"u8,
        StartFailure.OutOfMemory => "no memory is left: raise grant_mib"u8,
        StartFailure.ProgramOutOfMemory => "its memory is too small: raise memory_kib"u8,
        StartFailure.OutOfSlots => "it has too many pages"u8,
        StartFailure.Refused => "a line or range of ports is taken, or does not exist"u8,
        StartFailure.None => "nothing kept it from starting"u8,
        StartFailure.SystemInvalid => "the system table is wrong"u8,
        _ => "nobody knows why"u8,
    };
}
