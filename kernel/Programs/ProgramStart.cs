using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Mm;
using Atoll.Root;
using Atoll.Syscall;

namespace Atoll.Programs;

/// <summary>Makes an instance ready for programs, and its first program ready to run.</summary>
public static class ProgramStart
{
    // The level 3 table is the second page of the private block (InstancePlan).
    private const ulong LevelThreeOffset = (ulong)PageKind.Pdpt * ImageLayout.PageSizeBytes;

    /// <summary>Begins. Once, before the event loop, on the instance's own tables, with its clock known.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="cores">Cores of the machine, for programs that ask. The kernel itself needs no such number.</param>
    /// <param name="devices">Registers of devices that its programs may have.</param>
    /// <returns>Ready also when the instance has no grant: then it has no programs.</returns>
    public static RootResult Begin(ref InstanceState state, uint cores, ref readonly DeviceMemory devices)
    {
        state.TimerAt = ProgramTimer.Never;
        state.DutyAt = ProgramTimer.Never;
        if (state.Grant.Base == 0)
        {
            return RootResult.Ready;
        }

        ref Microkernel kernel = ref state.Kernel;
        kernel.TscHz = state.Clock.TscHz;
        kernel.Core = state.Core;
        kernel.ApicId = state.ApicId;
        UserMode.Enable();
        ulong kernelHalf = PageTableEntry.Table(state.PrivateBase + LevelThreeOffset);
        return RootProgram.Create(ref kernel, in state.Grant, cores, in devices, kernelHalf);
    }
}
