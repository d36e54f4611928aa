using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Irq;

namespace Atoll.Trap;

/// <summary>Decides what an interrupt or exception means.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class TrapHandler
{
    /// <summary>Handles one trap. Returns when the instance may go on.</summary>
    public static void Handle(ref InstanceState state, in TrapFrame frame)
    {
        if (IsOwn(in state, frame.Vector))
        {
            InstancePanic.Die(ref state, in frame);
        }

        if (frame.Vector is InterruptVector.Timer or InterruptVector.X2ApicTimer or InterruptVector.Doorbell or InterruptVector.X2ApicDoorbell)
        {
            // Waking the core is all they are for: the event loop looks at everything anyway.
            state.Apic.EndOfInterrupt();
            return;
        }

        if (IrqTable.Owns(frame.Vector) && state.Apic.IsInService((byte)frame.Vector))
        {
            // The event loop signals whoever listens: nothing that may check or wait is done here.
            state.Kernel.Interrupts.Mark(frame.Vector);
            state.Apic.EndOfInterrupt();
            return;
        }

        // A spurious one is not in service; a real one with its vector is, and holds back everything until it is ended.
        if (frame.Vector != InterruptVector.Spurious || state.Apic.IsInService(InterruptVector.Spurious))
        {
            CountStray(ref state, frame.Vector);
        }
    }

    // Whether the core itself raised it. What comes through the APIC can have any vector from 16 on: the APIC knows, once it is on.
    private static bool IsOwn(in InstanceState state, ulong vector)
    {
        if (vector > InterruptVector.CheckFailed)
        {
            return false;
        }

        return vector < TrapVector.FirstOfApic || TrapVector.HasErrorCode(vector)
            || state.Apic.Mode == ApicMode.Unknown || !state.Apic.IsInService((byte)vector);
    }

    /// <summary>Nobody asked for it, so it is input like any other: counted, ended, not believed.</summary>
    public static void CountStray(ref InstanceState state, ulong vector)
    {
        ref InstanceStatus status = ref state.Map.Status;
        Volatile.Write(ref status.StrayVector, vector);
        StatusCounter.Add(ref status.StrayCount, 1);
        if (state.Apic.IsInService((byte)vector))
        {
            state.Apic.EndOfInterrupt();
        }
    }
}
