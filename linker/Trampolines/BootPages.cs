using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>Zeroed pages that stand in for an instance's private pages until the first instance runs.</summary>
/// <param name="name">Symbol.</param>
/// <param name="virtualBase">Where the boot tables map it, see <see cref="ImageLayout"/>.</param>
/// <param name="pageCount">Pages.</param>
public sealed class BootPages(string name, ulong virtualBase, int pageCount)
    : DataFragment(name, FragmentPlace.BootZero, pageCount * PageBytes, PageBytes)
{
    private const int PageBytes = (int)ImageLayout.PageSizeBytes;

    /// <summary>The kernel stack; its physical pages are also the 32-bit code's stack.</summary>
    public static BootPages Stack { get; } = new("boot_stack", ImageLayout.StackBase, ImageLayout.StackPages);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BootPages> All { get; } =
    [
        Stack,
        new("boot_double_fault_stack", ImageLayout.DoubleFaultStackBase, 1),
        new("boot_nmi_stack", ImageLayout.NmiStackBase, 1),
        new("boot_machine_check_stack", ImageLayout.MachineCheckStackBase, 1),
        new("boot_state", ImageLayout.StatePage, 1),
        new("boot_crash", ImageLayout.CrashPage, 1),
        new("boot_status", ImageLayout.StatusPage, 1),
        new("boot_wake", ImageLayout.WakePage, 1),
    ];

    /// <summary>First virtual address in the instance window.</summary>
    public ulong VirtualBase => virtualBase;

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => ReferenceEquals(this, Stack)
        ? new CodeClaims { Stacks = [new("boot", context.Address, context.Address + (ulong)SizeBytes)] }
        : CodeClaims.None;

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        // Zero is what the loader makes of it.
    }
}
