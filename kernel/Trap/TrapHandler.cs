using System.Threading;
using Atoll.Abi;
using Atoll.Instance;

namespace Atoll.Trap;

/// <summary>Decides what an interrupt or exception means.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class TrapHandler
{
    /// <summary>Handles one trap. Returns when the instance may go on.</summary>
    public static void Handle(ref InstanceState state, in TrapFrame frame)
    {
        if (frame.Vector < TrapVector.ExceptionCount || frame.Vector == InterruptVector.CheckFailed)
        {
            InstancePanic.Die(ref state, in frame);
        }

        if (frame.Vector is InterruptVector.Timer or InterruptVector.X2ApicTimer or InterruptVector.Doorbell or InterruptVector.X2ApicDoorbell)
        {
            // Waking the core is all they are for: the event loop looks at everything anyway.
            state.Apic.EndOfInterrupt();
            return;
        }

        if (frame.Vector != InterruptVector.Spurious)
        {
            CountStray(ref state, frame.Vector);
        }
    }

    // Nobody asked for it, so it is input like any other: counted, ended, not believed.
    private static void CountStray(ref InstanceState state, ulong vector)
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
