using Atoll.Abi;
using Atoll.Arch;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Scenarios;

/// <summary>Puts a scenario together.</summary>
public sealed unsafe class ModelBuilder(Setting setting)
{
    private const int EpochWord = 2;
    private const int QuietRing = -1;

    private readonly MemoryMap _map = new(setting.Payload.StoreOrder);
    private readonly List<RingModel> _rings = [];
    private readonly List<Core> _cores = [];
    private uint _parties;

    // Where the word is not modelled, it reads as 0.
    private ulong Epoch => setting.Payload.LoadOrder.Contains(EpochWord) ? 7UL : 0;

    /// <summary>Adds a word alone on its line.</summary>
    public ulong* AddWord(string name) => _map.AddWord(name);

    /// <summary>Adds one who has links.</summary>
    /// <param name="id">Where it will run.</param>
    /// <param name="sleeps">Whether its wake word changes.</param>
    /// <param name="isMortal">Whether its life word does.</param>
    public Party AddParty(ContextId id, bool sleeps, bool isMortal = false)
    {
        ulong* wake = sleeps ? _map.AddWake($"wake{id.Core}") : _map.AddConstant(0);
        ulong* life = isMortal ? _map.AddWord($"life{id.Core}", LifeWords.Alive) : _map.AddConstant(LifeWords.Alive);
        return new Party(id, _parties++, wake, life, isMortal);
    }

    /// <summary>Links two, as the kernel does it: fresh rings, both Hellos, both heard.</summary>
    /// <param name="first">Who sends.</param>
    /// <param name="second">Who receives.</param>
    /// <param name="answers">Whether the other way is used too.</param>
    /// <returns>Both ends.</returns>
    public (LinkPlan First, LinkPlan Second) Connect(Party first, Party second, bool answers)
    {
        RingSlot* forth = AddRing(first, second, isUsed: true, out int forthRing);
        RingSlot* back = AddRing(second, first, answers || setting.HasWayBack || !setting.IsGreeted, out int backRing);
        LinkPlan left = End(second, new LinkEnds { Receive = back, Send = forth }, incoming: backRing, outgoing: forthRing);
        LinkPlan right = End(first, new LinkEnds { Receive = forth, Send = back }, incoming: forthRing, outgoing: backRing);
        if (setting.IsGreeted)
        {
            Greet(left, right, first, second);
        }

        return (left, right);
    }

    /// <summary>Adds a core with those who run on it.</summary>
    public void AddCore(CoreKind kind, Mortality mortality, params Actor[] actors) =>
        _cores.Add(new Core(kind, mortality, Array.ConvertAll(actors, actor => new Context(actor))));

    /// <summary>Runs every actor up to its first access.</summary>
    public Model Build()
    {
        uint[] slotCounts = [.. _rings.Select(_ => setting.SlotCount)];
        byte greeted = setting.IsGreeted ? (byte)1 : (byte)0;
        Ledger ledger = new(slotCounts, _cores.Sum(core => core.Contexts.Length), greeted);
        TsoMachine machine = new(_map, [.. _cores], ledger, setting.Payload, setting.Timers, setting.FoldsStores);
        machine.Settle();
        return new Model(_map, machine, [.. _rings]);
    }

    private RingSlot* AddRing(Party sender, Party receiver, bool isUsed, out int number)
    {
        number = isUsed ? _rings.Count : QuietRing;
        if (!isUsed)
        {
            return _map.AddQuietRing(setting.SlotCount);
        }

        RingSlot* slots = _map.AddRing(number, setting.SlotCount);
        int[] headers = new int[setting.SlotCount];
        for (int slot = 0; slot < headers.Length; slot++)
        {
            headers[slot] = _map.WordAt(&slots[slot].Header);
        }

        _rings.Add(new RingModel(number, sender.Id.Core, receiver.Id, headers, IsWatched: sender.IsMortal));
        return slots;
    }

    private LinkPlan End(Party peer, LinkEnds ends, int incoming, int outgoing)
    {
        ends.SlotCount = setting.SlotCount;
        ends.PeerLife = peer.Life;
        ends.PeerWake = peer.Wake;
        return new LinkPlan
        {
            Peer = peer.Id,
            PeerNumber = peer.Number,
            Incoming = incoming,
            Outgoing = outgoing,
            Ends = ends,
            Epoch = Epoch,
        };
    }

    // In real memory, before the machine takes it over.
    private void Greet(LinkPlan left, LinkPlan right, Party first, Party second)
    {
        Link leftLink = Open(left);
        Link rightLink = Open(right);
        Hear(ref leftLink);
        Hear(ref rightLink);
        left.Start = EndTurn(leftLink, second.Wake);
        right.Start = EndTurn(rightLink, first.Wake);
    }

    private static Link Open(LinkPlan plan)
    {
        Link link = default;
        link.Open<CoherentMemory>(
            plan.Ends, plan.PeerNumber, plan.PeerNumber, plan.Epoch, LifeWords.Alive, LifeWords.Alive);
        return link;
    }

    private static void Hear(ref Link link)
    {
        Assert.Equal(LinkReceiveResult.Handled, link.TryReceive<CoherentMemory>(out _));
        Assert.Equal(LinkState.Open, link.State);
    }

    private Link EndTurn(Link link, ulong* peerWake)
    {
        ulong firstSleep = setting.RemembersEarlierLife ? 1UL : 0;
        *peerWake = firstSleep;
        Assert.Equal(setting.RemembersEarlierLife, link.MustRing<CoherentMemory>());
        *peerWake = 0;
        return link;
    }
}
