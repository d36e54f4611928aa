using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Directory;

/// <summary>Knows which program of the machine listens under which name, and puts switchboards through to each other (docs/connections.md). One for the machine, on the first core: where no channel can be made, nobody misses it.</summary>
public static class DirectoryProgram
{
    /// <summary>Most cores: the need says so many ends.</summary>
    internal const int CoresMax = 64;

    private const int MessagesAtOnce = 16;
    private const ulong TriesPerSecond = 1000;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        MemoryRegion listeners = start.Region("listeners"u8);
        MemoryRegion calls = start.Region("calls"u8);
        MemoryRegion cores = start.Region("cores"u8);
        ChannelSet set = ChannelSet.Of(in start, "switchboards"u8, start.Region("ends"u8));
        Clear(listeners);
        Clear(calls);
        Clear(cores);
        DirectoryState state = default;
        state.Begin(listeners, calls, cores, Least(in set, listeners, calls, cores), Ipc.Now());
        Lives lives = default;
        while (true)
        {
            if (!Turn(ref set, ref state, ref lives))
            {
                Rest(ref set, ref state, ref lives, start.TscHz);
            }
        }
    }

    private static uint Least(ref readonly ChannelSet set, MemoryRegion listeners, MemoryRegion calls, MemoryRegion cores)
    {
        uint least = set.Count < CoresMax ? set.Count : CoresMax;
        least = Less(least, listeners.Length / (ListenerRow.SizeBytes * Protocols.DirectoryLimits.Listeners));
        least = Less(least, calls.Length / (CallRow.SizeBytes * Protocols.DirectoryLimits.Calls));
        return Less(least, cores.Length / CoreRow.SizeBytes);
    }

    private static uint Less(uint most, int count) => (uint)count < most ? (uint)count : most;

    // Whether there was anything to do.
    private static bool Turn(ref ChannelSet set, ref DirectoryState state, ref Lives lives)
    {
        ChannelSetEvent found = set.Next(out uint core);
        if (found == ChannelSetEvent.None || core >= state.Cores)
        {
            return found != ChannelSetEvent.None;
        }

        switch (found)
        {
            case ChannelSetEvent.Message:
                for (int left = MessagesAtOnce; left != 0 && set[core].TryReceive(out RingMessage message) == ChannelResult.Done; left--)
                {
                    state.Hear(core, in message);
                }

                break;
            case ChannelSetEvent.Opened:
                lives[(int)core] = Life.Known;
                break;
            case ChannelSetEvent.Ended:
                state.Lose(core);
                lives[(int)core] = Life.Over;
                break;
            case ChannelSetEvent.Unavailable:
                // One that was there may come again; the machine has no other.
                lives[(int)core] = lives[(int)core] == Life.None ? Life.None : Life.Missed;
                break;
        }

        return true;
    }

    // What is owed goes out; a full ring is tried again soon, and a core that is down now and then.
    private static void Rest(ref ChannelSet set, ref DirectoryState state, ref Lives lives, ulong tscHz)
    {
        bool isOwing = SayAll(ref set, ref state, ref lives);
        bool isMissing = false;
        for (uint core = 0; core < state.Cores; core++)
        {
            ref Life life = ref lives[(int)core];
            if (life == Life.Over && state.IsSettled(core))
            {
                life = set.Reopen(core) == ChannelResult.Done ? Life.Asked : Life.Missed;
            }

            isOwing |= life == Life.Over;
            isMissing |= life == Life.Missed;
        }

        ulong pause = isOwing ? tscHz / TriesPerSecond : tscHz;
        bool isTold = set.Wait(isOwing || isMissing ? Ipc.Now() + pause : Deadline.Never);
        for (uint core = 0; core < state.Cores && !isTold; core++)
        {
            lives[(int)core] = lives[(int)core] == Life.Missed ? Life.Over : lives[(int)core];
        }
    }

    // What is told to one core may be why another is owed something. Whether anything is left.
    private static bool SayAll(ref ChannelSet set, ref DirectoryState state, ref Lives lives)
    {
        bool isOwing;
        bool isMoving;
        do
        {
            isOwing = false;
            isMoving = false;
            for (uint core = 0; core < state.Cores; core++)
            {
                if (lives[(int)core] == Life.Known && state.Owes(core))
                {
                    bool isSaid = Say(ref set[core], ref state, core);
                    isMoving |= isSaid;
                    isOwing |= !isSaid;
                }
            }
        }
        while (isMoving);

        return isOwing;
    }

    // Whether all was said.
    private static bool Say(ref RingChannel channel, ref DirectoryState state, uint core)
    {
        while (state.TryPeek(core, out RingMessage message))
        {
            if (channel.TrySend(in message) != ChannelResult.Done)
            {
                channel.EndTurn();
                return false;
            }

            state.Say(core);
        }

        channel.EndTurn();
        return true;
    }

    private static void Clear(MemoryRegion region)
    {
        for (int index = 0; index < region.LongWords.Length; index++)
        {
            region.LongWords[index] = 0;
        }
    }

    /// <summary>What is known of a core's switchboard.</summary>
    private enum Life : byte
    {
        /// <summary>It never came.</summary>
        None,

        /// <summary>It is there.</summary>
        Known,

        /// <summary>It is gone, and is asked for as soon as nothing of it is under way.</summary>
        Over,

        /// <summary>It is asked for.</summary>
        Asked,

        /// <summary>There was one, and its core is down.</summary>
        Missed,
    }

    [InlineArray(CoresMax)]
    private struct Lives
    {
        private Life _first;
    }
}
