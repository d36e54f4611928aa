using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Programs;

namespace Atoll.Coordinator;

/// <summary>Where channels are asked for: by members in messages, and by the coordinator's own programs without.</summary>
internal static class ChannelDesk
{
    /// <summary>Begins, when the coordinator's own grant has room for its records.</summary>
    internal static void Begin(ref CoordinatorState coordinator, ref readonly InstanceState state)
    {
        if (state.Grant.Base != 0)
        {
            coordinator.Channels.Begin(
                PhysicalWindow.Base + state.Grant.ChannelRecords, (uint)coordinator.Cores.Count, state.Grant.ChannelCapacity);
        }
    }

    /// <summary>Deals with what a member asks. Untrusted.</summary>
    /// <returns>False when the kind is none of these.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool Handle(ref InstanceState state, ref CoordinatorState coordinator, uint member, ref readonly LinkMessage message)
    {
        uint number = ChannelMessage.Low(message.Argument0);
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.OpenChannel:
                Ask(ref state, ref coordinator, member, number, ChannelMessage.High(message.Argument0), message.Argument1);
                return true;

            case KernelMessage.CancelChannel:
                coordinator.Channels.Cancel(member, number, ChannelMessage.High(message.Argument0), message.Argument1);
                return true;

            case KernelMessage.ReleaseChannel:
                coordinator.Channels.Released(ref coordinator.Pool, message.Operation, member, number);
                return true;

            default:
                return false;
        }
    }

    /// <summary>Whether anybody is to be served or answered.</summary>
    internal static bool HasWork(ref readonly InstanceState state, ref readonly CoordinatorState coordinator) =>
        state.Kernel.Channels.OwesAnything || coordinator.Channels.OwesAnswers;

    /// <summary>Serves the coordinator's own programs, and sends the answers that are owed.</summary>
    /// <returns>Whether anything was done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool Turn(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ref ChannelTable channels = ref state.Kernel.Channels;
        bool did = false;
        uint vain = 0;
        for (uint left = channels.OwingCount; left != 0 && vain < ChannelTable.LooksInVainMax; left--)
        {
            uint number = channels.TakeOwing();
            ChannelDebts wanted = channels[number].Owes & ChannelDebts.ToMaker;
            Serve(ref state, ref coordinator, number, wanted);
            did |= wanted != ChannelDebts.None;
            vain += channels.Settle(number, wanted);
        }

        return coordinator.Channels.SendAnswers(ref state) || did;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Serve(ref InstanceState state, ref CoordinatorState coordinator, uint number, ChannelDebts wanted)
    {
        ref readonly ChannelEntry entry = ref state.Kernel.Channels[number];
        if ((wanted & ChannelDebts.Release) != 0)
        {
            coordinator.Channels.Released(ref coordinator.Pool, entry.Epoch, state.Core, number);
        }

        if ((wanted & ChannelDebts.Cancel) != 0)
        {
            coordinator.Channels.Cancel(state.Core, number, entry.Peer, entry.Name);
        }

        if ((wanted & ChannelDebts.Ask) != 0)
        {
            Ask(ref state, ref coordinator, state.Core, number, entry.Peer, entry.Name);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Ask(
        ref InstanceState state, ref CoordinatorState coordinator, uint core, uint number, uint peer, ulong name)
    {
        ChannelEnd asking = default;
        asking.Core = core;
        asking.Number = number;
        coordinator.Channels.Ask(ref state, ref coordinator.Pool, asking, peer, name, isThere: peer < (uint)coordinator.Cores.Count);
    }
}
