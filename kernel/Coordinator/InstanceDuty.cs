using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Members;
using Atoll.Programs;

namespace Atoll.Coordinator;

/// <summary>The duties that an instance has under every profile: those of its role.</summary>
public static class InstanceDuty
{
    /// <summary>See <see cref="IDuty.Turn"/>.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="isWorkDone">Whether it has no work beside its role, or is at the end of it.</param>
    /// <returns>Whether there is more to do at once.</returns>
    public static bool Turn(ref InstanceState state, bool isWorkDone)
    {
        if (state.Kernel.Channels.OwesAnything)
        {
            _ = ChannelTurn.Pay(ref state);
        }

        if (state.Deputy.HasConsole)
        {
            Deputy.Poll(ref state, isWorkDone);
        }

        return (state.Kernel.HasRemoteWork || state.Kernel.Remote.AwaitsRoom) && RemoteTurn.Work(ref state);
    }

    /// <summary>See <see cref="IDuty.Unlinked"/>.</summary>
    public static void Unlinked<TProfile>(ref InstanceState state, uint position, uint peer, ulong epoch)
        where TProfile : unmanaged, IProfile
    {
        ChannelTurn.LosePeer(ref state, peer);
        RemoteTurn.LosePeer(ref state, peer);
        if (state.Role == InstanceRole.Coordinator)
        {
            Supervisor.Bury<TProfile>(ref state, ref CoordinatorState.Of(in state), peer);
        }
        else
        {
            LinkLoss.Accept(ref state, position, peer, epoch);
            if (peer == InstanceState.CoordinatorCore)
            {
                ChannelTurn.LoseMaker(ref state);
                Deputy.CoordinatorDied(ref state);
            }
        }
    }

    /// <summary>See <see cref="IDuty.Handle"/>.</summary>
    public static bool Handle<TDuty>(ref InstanceState state, ref LinkEntry entry, in LinkMessage message)
        where TDuty : IDuty
    {
        if (ChannelTurn.Handle(ref state, entry.Link.Peer, in message) || RemoteTurn.Handle(ref state, ref entry, in message))
        {
            return true;
        }

        if (state.Role == InstanceRole.Coordinator)
        {
            return CoordinatorProtocol.Handle(ref state, ref CoordinatorState.Of(in state), ref entry, in message);
        }

        return entry.Link.Peer == CoordinatorInstance.Core && MemberProtocol.Handle<TDuty>(ref state, ref entry, in message);
    }
}
