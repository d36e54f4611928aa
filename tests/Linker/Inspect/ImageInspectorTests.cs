using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Inspect;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Inspect;

public sealed class ImageInspectorTests
{
    [Fact]
    public void TrampolinesDoNotLock()
    {
        ImageReport report = Inspect(ObjectBuilder.WithRoots());

        Assert.Equal((0, 0), (report.Interlocked.LockPrefixes, report.Interlocked.MemoryExchanges));
        Assert.True(report.Interlocked.Instructions > 256);
    }

    [Fact]
    public void LocksAndExchangesAreCounted()
    {
        ImageReport report = Inspect(new ObjectBuilder()
            // lock inc dword [rax]; xchg [rax], ecx; xchg ecx, edx (registers do not lock); ret
            .Code("atoll_boot_main", [0xF0, 0xFF, 0x00, 0x87, 0x08, 0x87, 0xD1, 0xC3])
            .Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]));

        Assert.Equal((1, 1), (report.Interlocked.LockPrefixes, report.Interlocked.MemoryExchanges));
    }

    [Fact]
    public void ReportHasSegmentsNotesAndSizes()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ImageReport report = ImageInspector.Inspect(image.Bytes, "atoll.elf", new DiagnosticBag())!;

        Assert.Equal(6, report.Segments.Count);
        Assert.Equal([("Xen", 18u), ("GNU", 3u), ("Atoll", 1u)], report.Notes.Select(note => (note.Owner, note.Type)));
        Assert.Equal(Convert.ToHexStringLower(image.At(image.AddressOf("build_id_note") + 16, 20)), report.BuildId);
        Assert.Equal("boot_low_pds", report.BiggestSymbols[0].Name);
        Assert.Equal(image.Section(".text").SizeBytes, report.Sizes.Text);
        Assert.Equal(report.Sizes.Text + report.Sizes.ReadOnly + report.Sizes.Data, report.Sizes.Total);
    }

    [Fact]
    public void RoomsAccountForEveryByteOnce()
    {
        ImageReport report = Inspect(ObjectBuilder.WithRoots());

        Assert.Equal(report.Sizes.Text, Sum(report, room => room.Text));
        Assert.Equal(report.Sizes.ReadOnly, Sum(report, room => room.ReadOnly));
        Assert.Equal(report.Sizes.Data, Sum(report, room => room.Data));

        // The linker's only data are the GDT of seven descriptors, the last of two words, and the TSS.
        Assert.Equal(8u * 8 + 104, Assert.Single(report.Rooms, room => room.Room == RoomSizes.Linker).Data);
    }

    /// <summary>A method counts for the room whose assembly ILC put in front of its name.</summary>
    [Fact]
    public void MethodsCountForTheirRoom()
    {
        ImageReport report = Inspect(new ObjectBuilder()
            .Code("atoll_instance_main", [0xE8, 0, 0, 0, 0, 0xC3], new Fixup(1, ElfNative.R_X86_64_PLT32, "Atoll_Ipc_Atoll_Ipc_Ring__Turn", -4))
            .Code("atoll_boot_main", [0xC3]).Code("atoll_trap", [0xC3])
            .Code("Atoll_Ipc_Atoll_Ipc_Ring__Turn", [0x90, 0x90, 0xC3]));

        Assert.Equal(3u, Assert.Single(report.Rooms, room => room.Room == "Ipc").Text);
    }

    [Fact]
    public void TrampolinesAreDisassembledInTheirOwnMode()
    {
        ImageReport report = Inspect(ObjectBuilder.WithRoots());

        Assert.EndsWith("  rdtsc", Find(report, "pvh_entry", 32).Instructions[0], StringComparison.Ordinal);
        Assert.Contains(
            Find(report, "missing_feature_report", 32).Instructions, line => line.EndsWith("  hlt", StringComparison.Ordinal));
        Assert.EndsWith("  rdtsc", Find(report, "ap_start_code", 16).Instructions[0], StringComparison.Ordinal);
        Assert.EndsWith("  fninit", Find(report, "ap_start_long_mode", 64).Instructions[0], StringComparison.Ordinal);
        Assert.EndsWith("  iretq", Find(report, "interrupt_common", 64).Instructions[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(report.Trampolines, code => code.Instructions.Any(line => line.EndsWith(' ')));
    }

    /// <summary>Vectors with an error code (8, 10 to 14, 17, 21, 29, 30) differ from those without.</summary>
    [Fact]
    public void InterruptEntriesOfOneShapeAreListedOnce()
    {
        TrampolineCode[] entries =
            [.. Inspect(ObjectBuilder.WithRoots()).Trampolines.Where(code => code.Name.StartsWith("interrupt_entry_"))];

        Assert.Equal(256, entries.Sum(entry => entry.Alike));
        Assert.Equal(10, entries.Single(entry => entry.Name == "interrupt_entry_8").Alike);
        Assert.True(entries.Length < 8);
    }

    [Fact]
    public void ObjectIsNoImage()
    {
        DiagnosticBag diagnostics = new();

        Assert.Null(ImageInspector.Inspect(ObjectBuilder.WithRoots().BuildBytes(), "kernel.o", diagnostics));
        Assert.Equal("ATL9020", Assert.Single(diagnostics.Found).Id);
    }

    private static TrampolineCode Find(ImageReport report, string name, int bitness)
    {
        TrampolineCode code = Assert.Single(report.Trampolines, code => code.Name == name);
        Assert.Equal(bitness, code.Bitness);
        return code;
    }

    private static ulong Sum(ImageReport report, Func<RoomSize, ulong> part) =>
        report.Rooms.Aggregate(0UL, (sum, room) => sum + part(room));

    private static ImageReport Inspect(ObjectBuilder builder) =>
        ImageInspector.Inspect(LinkedImage.Of(builder).Bytes, "atoll.elf", new DiagnosticBag())!;
}
