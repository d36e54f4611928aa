using Atoll.Arch;
using Atoll.Boot;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>The message in whose send a kernel dies, and what became of it. Whoever hears it tells the coordinator, before it says that it has let go of the link: links are first-in first-out.</summary>
public struct LastWords
{
    private const int PeerShift = 8;

    /// <summary>Heard whole since the last death.</summary>
    public uint Heard { get; private set; }

    /// <summary>Heard and not whole: it can only be one that was announced before it was written.</summary>
    public uint Torn { get; private set; }

    /// <summary>The target word of a fault order.</summary>
    /// <param name="step">Where to die.</param>
    /// <param name="peer">Core that the message is for, if there is a link to it.</param>
    public static ulong Encode(PublishStep step, uint peer) => (ulong)step | ((ulong)peer << PeerShift);

    /// <summary>Sends to a peer and dies of it. Returns when there was no link, or no room: then it is for the next turn.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="target">See <see cref="Encode"/>.</param>
    public static void Say<TWay>(ref InstanceState state, ulong target)
        where TWay : IDeathWay
    {
        if (!TryFind(in state, (uint)(target >> PeerShift), out uint position))
        {
            return;
        }

        switch ((PublishStep)(byte)target)
        {
            case PublishStep.Payload:
                Send<SendDeath.AtPayload<TWay>>(ref state, position);
                break;
            case PublishStep.Half:
                Send<SendDeath.AtHalf<TWay>>(ref state, position);
                break;
            case PublishStep.Header:
                Send<SendDeath.AtHeader<TWay>>(ref state, position);
                break;
            case PublishStep.Position:
                Send<SendDeath.AtPosition<TWay>>(ref state, position);
                break;
            case PublishStep.Fence:
                Send<SendDeath.AtFence<TWay>>(ref state, position);
                break;
            case PublishStep.WakeWord:
                Send<SendDeath.AtWakeWord<TWay>>(ref state, position);
                break;
            default:
                Send<SendDeath.AtDoorbell<TWay>>(ref state, position);
                break;
        }
    }

    /// <summary>Deals with last words, or with the word of somebody who has heard them.</summary>
    /// <returns>False when the message is neither.</returns>
    public static bool Receive(ref InstanceState state, in LinkMessage message)
    {
        if (message.Kind == (uint)TrialMessage.LastWords)
        {
            bool isWhole = TrafficMessage.Verify(in message, message.Operation) == TrafficCheck.Good;
            if (state.Role == InstanceRole.Coordinator)
            {
                Count(in state, isWhole);
                return true;
            }

            LinkMessage heard = default;
            heard.Kind = (uint)TrialMessage.LastWordsHeard;
            heard.Argument0 = isWhole ? 1UL : 0;
            state.Map.Link(LinkTable.ToCoordinator).Link.SendOrDrop<CoherentMemory>(ref heard);
            return true;
        }

        if (message.Kind != (uint)TrialMessage.LastWordsHeard || state.Role != InstanceRole.Coordinator)
        {
            return false;
        }

        Count(in state, message.Argument0 == 1);
        return true;
    }

    private static void Count(ref readonly InstanceState state, bool isWhole)
    {
        ref LastWords words = ref CoordinatorPages<TrialProfile>.ProfileOf(ref CoordinatorState.Of(in state)).Words;
        words.Heard += isWhole ? 1u : 0;
        words.Torn += isWhole ? 0u : 1;
    }

    // To that peer, or to the first that there is.
    private static bool TryFind(ref readonly InstanceState state, uint peer, out uint position)
    {
        position = state.LinkCount;
        for (uint place = 0; place < state.LinkCount; place++)
        {
            ref LinkEntry entry = ref state.Map.Link(place);
            bool isOpen = entry.IsUsed && !entry.OwesRelease && entry.Link.State == LinkState.Open;
            position = isOpen && (entry.Link.Peer == peer || position == state.LinkCount) ? place : position;
        }

        return position != state.LinkCount;
    }

    // On the slots for control: the workload keeps the others full.
    private static void Send<TDeath>(ref InstanceState state, uint position)
        where TDeath : ISendDeath
    {
        ref LinkEntry entry = ref state.Map.Link(position);
        TrafficMessage.Make(TrialMessage.LastWords, Cpu.ReadTsc(), state.Core, out LinkMessage message);
        if (entry.Link.TrySendControl<MortalMemory<TDeath>>(ref message) != LinkSendResult.Sent)
        {
            return;
        }

        TurnEnd.RingSleepers<MortalMemory<TDeath>, MortalLinks<TDeath>, InstanceState>(ref state);
        SendDeath.Die<TDeath>();
    }
}
