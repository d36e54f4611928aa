using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>A fault that this instance is to provoke in itself, once: when messages are passing, or at once when no more will.</summary>
public struct FaultOrder
{
    /// <summary>Messages received before the fault: the workload is surely running then, and not done.</summary>
    public const ulong AfterMessages = 100;

    /// <summary>What to provoke.</summary>
    public FaultKind Kind;

    /// <summary>Physical address for a stray write; step and peer for a death in a send (<see cref="LastWords.Encode"/>).</summary>
    public ulong Target;

    private const int SeedShift = 32;
    private const byte StrayVector = 0x77;
    private const ulong NonCanonicalAddress = 0x8000_0000_0000_0000;

    /// <summary>The order that an instance has.</summary>
    public static ref FaultOrder Of(ref InstanceState state) => ref StatePage<TrialWork>.WorkOf(ref state).Fault;

    /// <summary>Gives the order that boot parameters ask for. The core was found to have an instance before any was started.</summary>
    public static void Send(ref InstanceState state, ref CoordinatorState coordinator, in TrialParameters parameters)
    {
        if (parameters.Fault == FaultKind.None)
        {
            return;
        }

        uint core = parameters.FaultCore.CorePlusOne - 1;
        if (coordinator.Instances[(int)core].Lifecycle != InstanceLifecycle.Healthy)
        {
            BootFailure.Stop("the core that a fault is asked for did not come up"u8, "start"u8);
        }

        ulong target = coordinator.Instances[(int)Orders.NextHealthy(ref coordinator, core)].Plan.AddressOf(PageKind.State);
        if (core == CoordinatorInstance.Core)
        {
            ref FaultOrder order = ref Of(ref state);
            order.Kind = parameters.Fault;
            order.Target = target;
        }
        else
        {
            LinkMessage message = Encode(parameters.Fault, target);
            message.Argument2 = parameters.HostileMessages | ((ulong)parameters.Seed << SeedShift);
            message.Argument3 = (ulong)coordinator.Cores.Count;
            Orders.Send<TrialProfile>(ref state, core, ref message);
        }
    }

    /// <summary>Orders a member to provoke a fault.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="core">The member's core.</param>
    /// <param name="kind">The fault.</param>
    /// <param name="target">See <see cref="Target"/>.</param>
    public static void Send(ref InstanceState state, uint core, FaultKind kind, ulong target)
    {
        LinkMessage message = Encode(kind, target);
        Orders.Send<TrialProfile>(ref state, core, ref message);
    }

    private static LinkMessage Encode(FaultKind kind, ulong target)
    {
        LinkMessage message = default;
        message.Kind = (uint)TrialMessage.ProvokeFault;
        message.Argument0 = (ulong)kind;
        message.Argument1 = target;
        return message;
    }

    /// <summary>Takes an order. A kind that does not exist is none.</summary>
    public static void Take(ref InstanceState state, in LinkMessage message)
    {
        ref FaultOrder order = ref Of(ref state);
        order.Kind = message.Argument0 <= (ulong)FaultKinds.Last ? (FaultKind)message.Argument0 : FaultKind.None;
        order.Target = message.Argument1;
        if (order.Kind == FaultKind.Hostile)
        {
            StatePage<TrialWork>.WorkOf(ref state).Hostility.Begin(
                seed: message.Argument2 >> SeedShift, messages: (uint)message.Argument2, cores: (uint)message.Argument3);
        }
    }

    /// <summary>Provokes the fault if it is due.</summary>
    public static void Poll(ref InstanceState state)
    {
        ref FaultOrder order = ref Of(ref state);
        if (order.Kind == FaultKind.None || IsEarly(ref state))
        {
            return;
        }

        FaultKind kind = order.Kind;
        if (kind == FaultKind.Hostile)
        {
            order.Kind = StatePage<TrialWork>.WorkOf(ref state).Hostility.Turn(ref state) ? kind : FaultKind.None;
            return;
        }

        if (kind == FaultKind.PublishPanic)
        {
            LastWords.Say<ByPanic>(ref state, order.Target);
            return;
        }

        if (kind == FaultKind.PublishHang)
        {
            LastWords.Say<ByHang>(ref state, order.Target);
            return;
        }

        order.Kind = FaultKind.None;
        Provoke(ref state, kind);
    }

    // Who is done, or has nobody to hear from, waits for nothing.
    private static bool IsEarly(ref InstanceState state)
    {
        ref readonly Workload workload = ref Workload.Read(in state);
        return workload.HasPartners && !workload.IsDone && Volatile.Read(ref WorkStatus.Of(ref state.Map.Status).Received) < AfterMessages;
    }

    private static void Provoke(ref InstanceState state, FaultKind kind)
    {
        ref readonly ImageInfo image = ref Cpu.Image();
        switch (kind)
        {
            case FaultKind.StackOverflow:
                Cpu.ExhaustStack();
                break;
            case FaultKind.NullJump:
                Cpu.CallAddress(0);
                break;
            case FaultKind.NullRead:
                Read(0);
                break;
            case FaultKind.WriteText:
                Write(image.TextStart);
                break;
            case FaultKind.WriteReadOnly:
                Write(image.ReadOnlyStart);
                break;
            case FaultKind.ExecuteData:
                Cpu.CallAddress(image.DataStart);
                break;
            case FaultKind.ExecuteStack:
                Cpu.CallAddress(ImageLayout.StackBase);
                break;
            case FaultKind.StrayWrite:
                Write(Of(ref state).Target);
                break;
            case FaultKind.Divide:
                Divide((uint)Of(ref state).Kind);
                break;
            case FaultKind.Undefined:
                Cpu.UndefinedInstruction();
                break;
            case FaultKind.NonCanonical:
                Read(NonCanonicalAddress);
                break;
            case FaultKind.Check:
                Check.That(Of(ref state).Kind != FaultKind.None);
                break;
            case FaultKind.StrayInterrupt:
                state.Apic.SendInterrupt(new ApicId(state.ApicId), StrayVector);
                break;
            case FaultKind.Nmi:
                state.Apic.SendNmi(new ApicId(state.ApicId));
                break;
            case FaultKind.HalfSend:
                SendHalf(ref state);
                Check.That(Of(ref state).Kind != FaultKind.None);
                break;
            case FaultKind.Hang:
                Hang();
                break;
            case FaultKind.HangMasked:
                SendHalf(ref state);
                HangMasked();
                break;
            case FaultKind.Silence:
                FallSilent(ref state);
                break;
        }
    }

    // What the peer and the ring see when a core dies between storing a header and advancing.
    private static void SendHalf(ref InstanceState state)
    {
        ref WorkStatus status = ref WorkStatus.Of(ref state.Map.Status);
        ref readonly Workload workload = ref Workload.Read(in state);
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            if (entry.IsUsed && !entry.OwesRelease && workload.SendsTo(entry.Link.Peer))
            {
                uint number = Volatile.Read(ref status.Pairs[(int)entry.Link.Peer].Sent);
                TrafficMessage.Make(TrialMessage.Traffic, number, state.Core, out LinkMessage message);
                SendAndForget(ref entry, ref message);
            }
        }
    }

    private static void Hang()
    {
        while (true)
        {
            Cpu.Pause();
            Cpu.TakePendingInterrupts();
        }
    }

    private static void HangMasked()
    {
        while (true)
        {
            Cpu.Pause();
        }
    }

    private static unsafe void FallSilent(ref InstanceState state)
    {
        state.Wake.Announce<CoherentMemory>(state.Map.Wake);
        while (true)
        {
            Cpu.Halt();
        }
    }

    [Trusted(Safety = "Two cursors on one ring are the fault that was asked for; the instance dies before either is used again.")]
    private static void SendAndForget(ref LinkEntry entry, ref LinkMessage message)
    {
        Link before = entry.Link;

        // A full ring has no slot to leave behind.
        if (entry.Link.TrySend<CoherentMemory>(ref message) == LinkSendResult.Sent)
        {
            entry.Link = before;
        }
    }

    private static void Read(ulong address) => Mmio.Read32(address);

    private static void Write(ulong address) => Mmio.Write32(address, 0xA7011);

    // The quotient goes where the compiler must keep it.
    [Trusted(Safety = "Divides by zero on purpose: the trap is what the order asks for.")]
    private static void Divide(uint divisor) => Check.That(AfterMessages / divisor != 1);
}
