using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Churn;

/// <summary>The coordinator as Init knows it.</summary>
/// <param name="system">Init.</param>
/// <param name="program">Its position in the system.</param>
internal readonly struct CoordinatorProcess(SystemClient system, uint program)
{
    /// <summary>Finds it by its name.</summary>
    internal static bool TryFind(SystemClient system, out CoordinatorProcess found)
    {
        found = default;
        ProgramName name = default;
        for (uint program = 0; program < SystemHeader.ProgramsMax; program++)
        {
            Span<byte> field = Text.FieldOf(ref name);
            CallResult told = system.Describe(
                program, field, out uint length, out _, out _, out _, out _, out _, out _, out SystemAnswer answer);
            if (told == CallResult.Ok && answer == SystemAnswer.Done && Text.AreEqual(field.Slice(0, (int)length), "coordinator"u8))
            {
                found = new CoordinatorProcess(system, program);
                return true;
            }
        }

        return false;
    }

    /// <summary>Has it taken away and started again, wherever it is.</summary>
    internal bool TryRestart() => system.Restart(program, out SystemAnswer answer) == CallResult.Ok && answer == SystemAnswer.Done;

    /// <summary>Times that it was started.</summary>
    internal uint Starts()
    {
        ProgramName name = default;
        CallResult told = system.Describe(
            program, Text.FieldOf(ref name), out _, out _, out uint starts, out _, out _, out _, out _, out _);
        return told == CallResult.Ok ? starts : 0;
    }
}
