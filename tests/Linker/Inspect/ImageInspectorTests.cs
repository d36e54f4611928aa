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
        Assert.Equal([("Xen", 18u), ("GNU", 3u)], report.Notes.Select(note => (note.Owner, note.Type)));
        Assert.Equal(Convert.ToHexStringLower(image.At(image.AddressOf("build_id_note") + 16, 20)), report.BuildId);
        Assert.Equal("boot_low_pds", report.BiggestSymbols[0].Name);
        Assert.Equal(image.Section(".text").SizeBytes, report.Sizes.Text);
        Assert.Equal(report.Sizes.Text + report.Sizes.ReadOnly + report.Sizes.Data, report.Sizes.Total);
    }

    [Fact]
    public void ObjectIsNoImage()
    {
        DiagnosticBag diagnostics = new();

        Assert.Null(ImageInspector.Inspect(ObjectBuilder.WithRoots().BuildBytes(), "kernel.o", diagnostics));
        Assert.Equal("ATL9020", Assert.Single(diagnostics.Found).Id);
    }

    private static ImageReport Inspect(ObjectBuilder builder) =>
        ImageInspector.Inspect(LinkedImage.Of(builder).Bytes, "atoll.elf", new DiagnosticBag())!;
}
