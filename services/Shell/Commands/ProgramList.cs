using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>ps</c>: the programs of the system, on all cores.</summary>
internal static class ProgramList
{
    private const int NameWidth = 14;

    internal static void Show(in Surroundings around, ref Informants informants)
    {
        bool isWide = around.IsWide;
        around.Print(isWide
            ? "program        state      prio  starts     time ms     calls   memory  core\n"u8
            : "program        state      core\n"u8);
        CoreSet answering = informants.Ask();
        uint count = Programs.Count(in around);
        for (uint program = 0; program < count; program++)
        {
            if (!ShowWhereItIs(in around, ref informants, answering, program, isWide))
            {
                ShowOn(in around, ref informants, informants.Own, program, isWide, evenElsewhere: true);
            }
        }

        informants.TellSilent(in around, answering);
    }

    // A program may be on every core, each time for itself.
    private static bool ShowWhereItIs(in Surroundings around, ref Informants informants, CoreSet answering, uint program, bool isWide)
    {
        bool isAnywhere = false;
        for (uint core = 0; core < informants.Cores; core++)
        {
            isAnywhere |= answering.Has(core) && ShowOn(in around, ref informants, core, program, isWide, evenElsewhere: false);
        }

        return isAnywhere;
    }

    private static bool ShowOn(in Surroundings around, ref Informants informants, uint core, uint program, bool isWide, bool evenElsewhere)
    {
        ProgramName name = default;
        if (!informants.TryDescribe(core, program, ref name, out ProgramFacts facts) || (facts.State == ProgramState.Elsewhere && !evenElsewhere))
        {
            return false;
        }

        TextBuffer text = default;
        text.AddPadded(Text.FieldOf(ref name).Slice(0, (int)facts.NameLength), NameWidth);
        text.Add(" "u8);
        text.AddPadded(StateName(facts.State), 10);
        if (isWide)
        {
            text.AddAligned(facts.Priority, 5);
            text.AddAligned(facts.Starts, 8);
            text.AddAligned(facts.Microseconds / 1000, 12);
            text.AddAligned(facts.SystemCalls, 10);
            text.AddAligned(facts.MemoryBytes / 1024, 5);
            text.Add(" KiB"u8);
        }

        if (facts.State != ProgramState.Elsewhere)
        {
            text.AddAligned(core, isWide ? 6 : 5);
            Why(ref informants, core, program, in facts, ref text);
        }

        text.Add("\n"u8);
        around.Print(in text);
        return true;
    }

    private static void Why(ref Informants informants, uint core, uint program, in ProgramFacts facts, ref TextBuffer text)
    {
        if (facts.State is ProgramState.Running or ProgramState.Stopped
            || !informants.TryWhy(core, program, out StartFailure failure, out uint fault, out uint exitCode))
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
