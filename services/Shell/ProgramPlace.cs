using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary>A program on a core.</summary>
/// <param name="core">The core.</param>
/// <param name="program">Its position in the system.</param>
internal readonly struct ProgramPlace(uint core, uint program)
{
    /// <summary>The core.</summary>
    internal uint Core => core;

    /// <summary>Its position in the system.</summary>
    internal uint Program => program;

    /// <summary>Finds what "NAME" or "NAME CORE" means, or says why it means nothing. Without a core: the first that has the program, the shell's own before others.</summary>
    internal static bool TryFind(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument, out ProgramPlace place)
    {
        Words words = Words.Of(argument);
        place = default;
        if (!Programs.TryFind(in around, words.Command, out uint program))
        {
            return false;
        }

        CoreSet answering = informants.Ask();
        bool isSaid = words.Argument.Length != 0;
        ulong core = informants.Own;
        bool isFound = isSaid
            ? ArgumentReader.TryNumber(words.Argument, out core) && core < Informants.CoresMax && Has(ref informants, answering, (uint)core, program)
            : TryAnywhere(ref informants, answering, program, out core);
        if (!isFound)
        {
            around.Print(isSaid ? "no such core answers, or the program is not one of its\n"u8 : "no core that answers has it\n"u8);
            return false;
        }

        place = new ProgramPlace((uint)core, program);
        return true;
    }

    private static bool TryAnywhere(ref Informants informants, CoreSet answering, uint program, out ulong core)
    {
        core = informants.Own;
        if (Has(ref informants, answering, informants.Own, program))
        {
            return true;
        }

        for (core = 0; core < informants.Cores; core++)
        {
            if (Has(ref informants, answering, (uint)core, program))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ref Informants informants, CoreSet answering, uint core, uint program)
    {
        ProgramName name = default;
        return answering.Has(core) && informants.TryDescribe(core, program, ref name, out ProgramFacts facts) && facts.State != ProgramState.Elsewhere;
    }
}
