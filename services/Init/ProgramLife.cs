using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Starts programs, takes them away, and starts them again.</summary>
internal static class ProgramLife
{
    private const byte MemoryBitsMin = 14;
    private const byte MemoryBitsMax = 30;

    /// <summary>Starts a program that does not run. The channels that it serves are open afterwards.</summary>
    internal static StartFailure Start(ref InitState state, uint program)
    {
        ref ProgramEntry entry = ref state.Programs[(int)program];
        StartFailure result = SetMemoryAside(ref state, program, ref entry);
        result = result == StartFailure.None ? Channels.Open(in state, program) : result;
        result = result == StartFailure.None ? ProgramBuilder.Build(ref state, program) : result;
        entry.Failure = result;
        if (result == StartFailure.None)
        {
            entry.State = ProgramState.Running;
            entry.Starts++;
            return result;
        }

        TakeAway(in state, program);
        entry.State = ProgramState.Failed;
        return result;
    }

    /// <summary>Takes a program away: every object of it, so that every byte and slot is free again, and tells who asked for it.
    /// Its channels stay: who calls waits.</summary>
    internal static void TakeAway(ref readonly InitState state, uint program)
    {
        if (!state.Programs[(int)program].HasMemory)
        {
            return;
        }

        uint memory = state.Slots.MemoryOf(program);
        if (SlotMap.Root.Revoke(memory) != SystemResult.Ok || new UntypedMemory(memory).Reset() != SystemResult.Ok)
        {
            ProgramExit.End(2);
        }

        DeathSignals.Send(in state, program);
    }

    /// <summary>Takes a program away for good: who calls it, or waits for it, hears that it is dead.</summary>
    internal static void Stop(ref InitState state, uint program, ProgramState how)
    {
        state.Programs[(int)program].State = how;
        TakeAway(in state, program);
        Channels.Close(in state, program);
    }

    /// <summary>What follows a fault: another start, while the system allows one, or the end.</summary>
    /// <returns>Which of them.</returns>
    internal static WatchOutcome AfterFault(ref InitState state, uint program)
    {
        if (!MayRestart(ref state, program))
        {
            Stop(ref state, program, ProgramState.Faulted);
            return IsRestarted(in state, program) ? WatchOutcome.BudgetSpent : WatchOutcome.NotRestarted;
        }

        TakeAway(in state, program);
        if (Start(ref state, program) != StartFailure.None)
        {
            // What could be built once cannot be built again: nobody is to wait for it.
            Channels.Close(in state, program);
            return WatchOutcome.Failed;
        }

        return WatchOutcome.Restarted;
    }

    private static bool IsRestarted(ref readonly InitState state, uint program) => state.System.Program(program).Restart == RestartPolicy.OnFault;

    private static bool MayRestart(ref InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        ref ProgramEntry entry = ref state.Programs[(int)program];
        return IsRestarted(in state, program)
            && entry.Budget.TrySpend(record.RestartsMax, record.RestartWindowSeconds * state.TscHz, Ipc.Now());
    }

    private static StartFailure SetMemoryAside(ref readonly InitState state, uint program, ref ProgramEntry entry)
    {
        if (entry.HasMemory)
        {
            return StartFailure.None;
        }

        byte bits = state.System.Program(program).MemoryBits;
        if (bits is < MemoryBitsMin or > MemoryBitsMax)
        {
            return StartFailure.SystemInvalid;
        }

        entry.HasMemory = state.Memory.Make(CapabilityType.Untyped, bits, bits, state.Slots.MemoryOf(program)) == SystemResult.Ok;
        return entry.HasMemory ? StartFailure.None : StartFailure.OutOfMemory;
    }
}
