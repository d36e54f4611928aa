using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>Puts a scenario together.</summary>
public sealed unsafe class ModelBuilder(Setting setting)
{
    private readonly MemoryMap _map = new(setting.Payload.StoreOrder);
    private readonly List<RingModel> _rings = [];
    private readonly List<Core> _cores = [];

    /// <summary>Adds a word alone on its line: a wake word or a status word.</summary>
    public ulong* AddWord(string name) => _map.AddWord(name);

    /// <summary>Adds a ring.</summary>
    /// <param name="sender">Core of the producer.</param>
    /// <param name="receiver">The consumer.</param>
    /// <param name="receiverWake">The consumer's wake word.</param>
    /// <param name="senderStatus">The producer's status word, when it may die.</param>
    /// <returns>The ring, for both ends.</returns>
    public RingEnd AddRing(int sender, ContextId receiver, ulong* receiverWake, ulong* senderStatus = null)
    {
        int number = _rings.Count;
        RingSlot* slots = _map.AddRing(number, setting.SlotCount);
        int[] headers = new int[setting.SlotCount];
        for (int slot = 0; slot < headers.Length; slot++)
        {
            headers[slot] = _map.WordAt(&slots[slot].Header);
        }

        _rings.Add(new RingModel(number, sender, receiver, headers, IsWatched: senderStatus != null));
        return new RingEnd
        {
            Ring = number,
            Slots = slots,
            SlotCount = setting.SlotCount,
            Receiver = receiver,
            ReceiverWake = receiverWake,
            SenderStatus = senderStatus,
        };
    }

    /// <summary>Adds a core with those who run on it.</summary>
    public void AddCore(CoreKind kind, Mortality mortality, params Actor[] actors) =>
        _cores.Add(new Core(kind, mortality, Array.ConvertAll(actors, actor => new Context(actor))));

    /// <summary>Runs every actor up to its first access.</summary>
    public Model Build()
    {
        uint[] slotCounts = [.. _rings.Select(_ => setting.SlotCount)];
        Ledger ledger = new(slotCounts, _cores.Sum(core => core.Contexts.Length));
        TsoMachine machine = new(_map, [.. _cores], ledger, setting.Payload, setting.Timers, setting.FoldsStores);
        machine.Settle();
        return new Model(_map, machine, [.. _rings]);
    }
}
