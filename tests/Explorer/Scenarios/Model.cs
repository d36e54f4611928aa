using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>A ring of a scenario, seen from outside.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Sender">Core of its producer.</param>
/// <param name="Receiver">Its consumer.</param>
/// <param name="Headers">Modelled word of each slot's header.</param>
/// <param name="IsWatched">Whether the consumer watches the producer's status word.</param>
public sealed record RingModel(int Number, int Sender, ContextId Receiver, int[] Headers, bool IsWatched);

/// <summary>A scenario that is ready to run: memory, cores, and what must be true when nothing more happens.</summary>
public sealed class Model(MemoryMap map, TsoMachine machine, RingModel[] rings) : IDisposable
{
    /// <summary>The machine.</summary>
    public TsoMachine Machine => machine;

    /// <summary>Lets one core run alone until it has sent so many messages, all of them in memory.</summary>
    public void Prefill(int core, int ring, int messages)
    {
        while (machine.Ledger.Sent(ring) < messages)
        {
            machine.Apply(new Move(machine.Cores[core].Buffer.Count > 0 ? MoveKind.Flush : MoveKind.Step, core));
        }

        while (machine.Cores[core].Buffer.Count > 0)
        {
            machine.Apply(new Move(MoveKind.Flush, core));
        }
    }

    /// <summary>Judges a state in which nothing happens any more of its own accord.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public ViolationKind? JudgeEnd()
    {
        foreach (RingModel ring in rings)
        {
            if (machine.Cores[ring.Receiver.Core].IsDead)
            {
                continue;
            }

            if (HasMessage(ring))
            {
                return ViolationKind.LostWakeUp;
            }

            if (ring.IsWatched && machine.Ledger.Deaths(ring.Number) != (machine.Cores[ring.Sender].IsDead ? 1 : 0))
            {
                return ViolationKind.DeathNotOnce;
            }
        }

        return machine.IsAtRest() ? null : ViolationKind.Deadlock;
    }

    /// <inheritdoc/>
    public void Dispose() => map.Dispose();

    // RingSlot: a sequence of position + 1 means that the message is present.
    private bool HasMessage(RingModel ring)
    {
        int received = machine.Ledger.Received(ring.Number);
        return (uint)machine.MemoryAt(ring.Headers[received % ring.Headers.Length]) == (uint)received + 1;
    }
}

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

/// <summary>What varies between configurations of one scenario.</summary>
public sealed record Setting
{
    /// <summary>The product's order, on kernels.</summary>
    public static Setting Default { get; } = new();

    /// <summary>Slots of each ring: 8 is the least that leaves room beside the reserve.</summary>
    public uint SlotCount { get; init; } = 8;

    /// <summary>How payloads are copied.</summary>
    public PayloadModel Payload { get; init; } = PayloadModel.Ascending;

    /// <summary>What receives: a kernel or a program.</summary>
    public CoreKind ReceiverKind { get; init; } = CoreKind.Kernel;

    /// <summary>How receivers sleep.</summary>
    public SleepStep[] Sleep { get; init; } = SleepOrder.Kernel;

    /// <summary>Interrupts that may end a halt without a doorbell.</summary>
    public int Timers { get; init; }

    /// <summary>Whether buffered stores are folded into the access before them.</summary>
    public bool FoldsStores { get; init; } = true;

    /// <summary>Seeded defect: see <see cref="LoopPlan.ForgetsDoorbells"/>.</summary>
    public bool ForgetsDoorbells { get; init; }

    /// <summary>Where receivers look at status words.</summary>
    public StatusLook StatusLook { get; init; }

    /// <summary>How senders may die.</summary>
    public Mortality Mortality { get; init; }

    /// <summary>Messages that the first sender has sent before anybody else runs.</summary>
    public int Prefill { get; init; }
}
