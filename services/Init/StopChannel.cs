using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Init's own end of a channel: to the program that says, for the whole machine, which programs stopped.</summary>
internal static class StopChannel
{
    private const ulong Bit = 1;

    /// <summary>Makes it, if the system joins it. It opens when the other end is there: nobody waits for that.</summary>
    internal static StartFailure Make(ref InitState state)
    {
        GrantRecord end = default;
        StartFailure result = state.Core < state.System.Header.StopsCount ? Make(ref state, ref end) : StartFailure.None;
        state.Teller = new StopTeller(in end, state.TscHz);
        return result;
    }

    private static StartFailure Make(ref InitState state, ref GrantRecord end)
    {
        uint slot = state.Slots.StopEnd;
        uint notification = slot + 1;
        uint badged = state.Slots.Passing;
        if (state.Memory.Make(CapabilityType.Notification, 0, ObjectSize.NotificationBits, notification) != SystemResult.Ok)
        {
            return StartFailure.OutOfMemory;
        }

        SystemResult result = new ThreadControl(RootSlot.Thread).BindNotification(notification);
        result = result == SystemResult.Ok ? SlotMap.Root.Mint(badged, SlotMap.Root, notification, CapabilityRights.Write, Bit) : result;
        result = result == SystemResult.Ok
            ? new InstanceFigures(RootSlot.InstanceControl).Connect(
                state.System.Header.StopsCore, state.System.Header.StopsName + state.Core, SlotMap.Root, slot)
            : result;
        ChannelControl channel = new(slot);
        result = result == SystemResult.Ok ? channel.SetNotification(badged) : result;
        if (result != SystemResult.Ok || SlotMap.Root.Delete(badged) != SystemResult.Ok)
        {
            return StartFailure.Refused;
        }

        end.Slot = slot;
        end.Argument = ProgramInformation.ChannelBase;
        return state.Space.Attach(channel);
    }
}
