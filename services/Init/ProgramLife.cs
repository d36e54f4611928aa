using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>Starts programs, takes them away, and starts them again.</summary>
internal static class ProgramLife
{
    private const byte MemoryBitsMin = 14;
    private const byte MemoryBitsMax = 30;

    /// <summary>Starts a program that does not run. The channels that it serves are open afterwards.</summary>
    internal static LoadResult Start(ref InitState state, uint program)
    {
        ref ProgramEntry entry = ref state.Programs[(int)program];
        LoadResult result = SetMemoryAside(ref state, program, ref entry);
        result = result == LoadResult.Started ? Channels.Open(in state, program) : result;
        result = result == LoadResult.Started ? ProgramBuilder.Build(ref state, program) : result;
        entry.Failure = result;
        if (result == LoadResult.Started)
        {
            entry.State = ProgramState.Running;
            entry.Starts++;
            return result;
        }

        TakeAway(in state, program);
        entry.State = ProgramState.Failed;
        return result;
    }

    /// <summary>Takes a program away: every object of it, so that every byte and slot is free again. Its channels stay: who calls waits.</summary>
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
    }

    /// <summary>Takes a program away for good: who calls it, or waits for it, hears that it is dead.</summary>
    internal static void Stop(ref InitState state, uint program, ProgramState how)
    {
        state.Programs[(int)program].State = how;
        TakeAway(in state, program);
        Channels.Close(in state, program);
    }

    /// <summary>What follows a fault: another start, while the system allows one, or the end.</summary>
    /// <returns>Whether it runs again.</returns>
    internal static bool AfterFault(ref InitState state, uint program)
    {
        if (!MayRestart(ref state, program))
        {
            Stop(ref state, program, ProgramState.Faulted);
            return false;
        }

        TakeAway(in state, program);
        return Start(ref state, program) == LoadResult.Started;
    }

    private static bool MayRestart(ref InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        ref ProgramEntry entry = ref state.Programs[(int)program];
        ulong now = Ipc.Now();
        if (entry.RestartsInWindow == 0 || now - entry.WindowBegan > record.RestartWindowSeconds * state.TscHz)
        {
            entry.WindowBegan = now;
            entry.RestartsInWindow = 0;
        }

        if (record.Restart != RestartPolicy.OnFault || entry.RestartsInWindow >= record.RestartsMax)
        {
            return false;
        }

        entry.RestartsInWindow++;
        return true;
    }

    private static LoadResult SetMemoryAside(ref readonly InitState state, uint program, ref ProgramEntry entry)
    {
        if (entry.HasMemory)
        {
            return LoadResult.Started;
        }

        byte bits = state.System.Program(program).MemoryBits;
        if (bits is < MemoryBitsMin or > MemoryBitsMax)
        {
            return LoadResult.SystemInvalid;
        }

        entry.HasMemory = state.Memory.Make(CapabilityType.Untyped, bits, bits, state.Slots.MemoryOf(program)) == SystemResult.Ok;
        return entry.HasMemory ? LoadResult.Started : LoadResult.OutOfMemory;
    }
}
