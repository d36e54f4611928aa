using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>What linker/Model/Fragment.cs and docs/image.md promise of every fragment.</summary>
public class FragmentContractTests
{
    /// <summary>The table "Stubs" of docs/image.md.</summary>
    private static readonly string[] s_stubs =
    [
        "x64_in8", "x64_out8", "x64_in16", "x64_out16", "x64_in32", "x64_out32", "x64_read_msr", "x64_write_msr",
        "x64_read_cr0", "x64_read_cr2", "x64_read_cr3", "x64_read_cr4", "x64_write_cr3", "x64_write_cr3_and_return",
        "x64_write_cr4",
        "x64_cpuid", "x64_read_tsc", "x64_read_flags", "x64_read_stack_pointer", "x64_read_frame_pointer",
        "x64_disable_interrupts", "x64_halt", "x64_enable_interrupts_and_halt", "x64_open_interrupts",
        "x64_invalidate_page", "x64_mmio_read8", "x64_mmio_write8", "x64_mmio_read16", "x64_mmio_write16",
        "x64_mmio_read32", "x64_mmio_write32", "x64_image_info", "x64_enter_instance",
        "x64_undefined_instruction", "x64_exhaust_stack", "x64_call_address", "x64_check_failed",
        "x64_syscall_entry", "x64_resume",
    ];

    /// <summary>What the linker's passes and C# define.</summary>
    private static readonly string[] s_definedElsewhere =
    [
        "atoll_boot_main", "atoll_instance_main", "atoll_trap", "atoll_call", "atoll_reply_receive", "atoll_system_call",
        "atoll_user_trap", "atoll_idle", "image_info", "boot_data_copy",
        "__text_start", "__text_end", "__readonly_start", "__readonly_end",
        "__data_start", "__data_end", "__data_file_end", "__data_load_start", "__boot_code_start", "__boot_code_end",
    ];

    public static TheoryData<string> Names => [.. Catalogue.All.Select(fragment => fragment.Name)];

    [Fact]
    public void EveryStubOfTheContractExistsAndNoOther() =>
        Assert.Equal(
            s_stubs.Order(),
            Catalogue.All.Select(fragment => fragment.Name)
                .Where(name => name.StartsWith("x64_", StringComparison.Ordinal))
                .Order());

    [Fact]
    public void SymbolsAreUnique()
    {
        IEnumerable<string> inner =
            Catalogue.All.SelectMany(fragment => fragment.InnerSymbols).Select(symbol => symbol.Name);
        string[] all = [.. Catalogue.All.Select(fragment => fragment.Name), .. inner];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void ReferencesNameOtherFragmentsOrWhatOthersDefine()
    {
        HashSet<string> known =
        [
            .. Catalogue.All.Select(fragment => fragment.Name), .. s_definedElsewhere,
            .. Catalogue.All.SelectMany(fragment => fragment.InnerSymbols).Select(symbol => symbol.Name),
        ];
        foreach (Fragment fragment in Catalogue.All)
        {
            Assert.DoesNotContain(fragment.References, reference => !known.Contains(reference));
            Assert.Equal(fragment.References.Count, fragment.References.Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SizeIsTheSameAtEveryAddress(string name)
    {
        Fragment fragment = TrampolineImage.Find(name);
        Assert.Equal(fragment.SizeBytes, new TrampolineImage().Emit(fragment).Length);
        Assert.Equal(fragment.SizeBytes, new TrampolineImage(shiftBytes: 0x1_2340).Emit(fragment).Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AddressIsAsAskedFor(string name)
    {
        Fragment fragment = TrampolineImage.Find(name);
        Assert.True(int.IsPow2(fragment.AlignmentBytes));
        // A function address must have bit 1 clear: the compiler's calls through pointers test it.
        Assert.True(!fragment.IsCode || fragment.AlignmentBytes >= 16);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RowsAndSymbolsLieInside(string name)
    {
        Fragment fragment = TrampolineImage.Find(name);
        Assert.All(fragment.InnerSymbols, symbol => Assert.InRange(symbol.OffsetBytes, 0, fragment.SizeBytes - 1));
        Assert.All(fragment.CallFrames, row => Assert.InRange(row.CodeOffset, 0, fragment.SizeBytes - 1));
        Assert.Equal(fragment.CallFrames.OrderBy(row => row.CodeOffset), fragment.CallFrames);
        Assert.True(fragment.IsCode || fragment.CallFrames.Count == 0);
    }
}
