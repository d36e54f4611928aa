using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>A kernel that says to all others whatever a kernel can say, a bounded number of times, beside what it says as it should.</summary>
/// <remarks>All hear the same messages, so that they have the same to refuse.</remarks>
[PerCore]
public struct Hostility
{
    private ulong _seed;
    private uint _messages;
    private uint _cores;
    private uint _sent;
    private bool _hasAsked;
    private CoreSet _told;

    /// <summary>Takes the order.</summary>
    /// <param name="seed">Decides the words.</param>
    /// <param name="messages">Messages to each other kernel, before one that closes the count.</param>
    /// <param name="cores">Cores of the machine.</param>
    public void Begin(ulong seed, uint messages, uint cores)
    {
        this = default;
        _seed = seed;
        _messages = messages;
        _cores = cores <= Limits.InstanceCountMax ? cores : Limits.InstanceCountMax;
    }

    /// <summary>Says one thing to all, once it is linked with all.</summary>
    /// <returns>Whether there is more to say.</returns>
    public bool Turn(ref InstanceState state)
    {
        if (!_hasAsked)
        {
            AskForLinks(ref state);
        }

        if (IsLinkedWithAll(in state) && TellAll(ref state))
        {
            _sent++;
            _told = default;
        }

        // It rests for as long as one that waits for room, so that others' work goes on meanwhile.
        bool hasMore = _sent != _messages + 2;
        state.OwesMessages |= hasMore;
        return hasMore;
    }

    private void AskForLinks(ref InstanceState state)
    {
        _hasAsked = true;
        for (uint peer = 0; peer < _cores; peer++)
        {
            if (peer != state.Core && LinkTable.Find(in state.Map, peer) == LinkTable.None)
            {
                state.Opening.Want(peer);
            }
        }
    }

    private readonly bool IsLinkedWithAll(in InstanceState state)
    {
        for (uint peer = 0; peer < _cores; peer++)
        {
            uint position = peer == state.Core ? 0 : LinkTable.Find(in state.Map, peer);
            if (position == LinkTable.None || state.Map.Link(position).Link.State != LinkState.Open)
            {
                return false;
            }
        }

        return true;
    }

    private bool TellAll(ref InstanceState state)
    {
        bool all = true;
        for (uint peer = 0; peer < _cores; peer++)
        {
            if (peer == state.Core || _told.Has(peer))
            {
                continue;
            }

            Make(out LinkMessage message);
            if (!LinkTable.TrySend(in state, peer, ref message))
            {
                all = false;
                continue;
            }

            _told.Add(peer);
            Note(ref state, in message, peer);
        }

        return all;
    }

    // The first asks to be counted, the last to be told: whoever has heard a question has counted all before it.
    private readonly void Make(out LinkMessage message)
    {
        message = default;
        if (_sent == 0)
        {
            message.Kind = (uint)TrialMessage.CountMe;
        }
        else if (_sent > _messages)
        {
            message.Kind = (uint)KernelMessage.Ping;
        }
        else
        {
            HostileMessage.Make(_seed, _sent - 1, out message);
        }
    }

    // What one member must refuse, and what the coordinator must: each hears all.
    private readonly void Note(ref InstanceState state, in LinkMessage message, uint peer)
    {
        bool isOfHostility = _sent != 0 && _sent <= _messages;
        if (!isOfHostility)
        {
            return;
        }

        ref HostileStatus status = ref HostileStatus.Of(ref state.Map.Status);
        StatusCounter.Add(ref status.Sent, 1);
        if (peer == InstanceState.CoordinatorCore)
        {
            StatusCounter.Add(ref status.DueFromCoordinator, HostileMessage.RefusalsDue(in message, byCoordinator: true));
            StatusCounter.Add(ref status.DueFromMember, HostileMessage.RefusalsDue(in message, byCoordinator: false));
        }
    }
}
