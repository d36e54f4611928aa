using Atoll.Abi;
using Atoll.Syscall;

namespace Atoll.Programs;

/// <summary>Interrupts of devices on their way to programs.</summary>
internal static class DeviceInterrupts
{
    /// <summary>Signals whoever listens to the interrupts that came while the kernel ran.</summary>
    internal static void SignalRaised(ref Microkernel kernel)
    {
        ulong raised = kernel.Interrupts.TakeRaised();
        for (uint number = 0; number < InterruptVector.DeviceCount; number++)
        {
            if ((raised & (1UL << (int)number)) != 0)
            {
                kernel.Interrupts.Raise(ref kernel.Scheduler, number);
            }
        }
    }
}
