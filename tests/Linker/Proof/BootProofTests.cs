using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Nothing that stays leads into the boot segment; images in which it does are refused (docs/image.md, "Boot code").</summary>
public sealed class BootProofTests
{
    // Boot main leads to 'first', which lies in the boot segment. A trap calls 'other', which calls nothing, and takes its address. Each pushes RAX, so that the stack is aligned at the call.
    private static readonly LinkedImage s_image = LinkedImage.Of(new ObjectBuilder()
        .Code("atoll_boot_main", [0x50, .. LinkedImage.CallBytes, 0x58, 0xC3], Fixup.Call("first") with { Offset = 2 })
        .Code("atoll_instance_main", [0xC3])
        .Code(
            "atoll_trap", [0x50, .. LinkedImage.CallBytes, 0x48, 0x8D, 0x05, 0, 0, 0, 0, 0x58, 0xC3],
            Fixup.Call("other") with { Offset = 2 }, new Fixup(9, R_X86_64_PC32, "other", -4))
        .Code("first", [0xC3]).Code("other", [0xC3])
        .WithFrames(("atoll_boot_main", 8, 1), ("atoll_trap", 15, 1), ("first", 1, null), ("other", 1, null)));

    [Fact]
    public void WayIntoTheBootSegment_IsLetBe()
    {
        (Linker.Proof.ProofReport? report, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(s_image.Bytes);
        Assert.Empty(findings);
        Assert.True(Assert.Single(report!.Properties, property => property.Name == "boot").Holds);
    }

    [Fact]
    public void CallFromWhatStays_IsFound() =>
        Finds("leads to 'atoll_trap', which leads into the boot segment", s_image.Patched(Trap + 2, Distance(Trap + 6, s_image.AddressOf("first"))));

    [Fact]
    public void CallOfTheWay_IsFound() =>
        Finds("leads to 'atoll_boot_main'", s_image.Patched(Trap + 2, Distance(Trap + 6, s_image.AddressOf("atoll_boot_main"))));

    [Fact]
    public void AddressOfTheWay_IsFound() =>
        Finds("leads to 'atoll_boot_main'", s_image.Patched(Trap + 9, Distance(Trap + 13, s_image.AddressOf("atoll_boot_main"))));

    [Fact]
    public void AddressInTheBootSegment_IsFound() =>
        Finds("leads to 'atoll_trap', which leads into the boot segment", s_image.Patched(Trap + 9, Distance(Trap + 13, s_image.AddressOf("first"))));

    private static ulong Trap => s_image.AddressOf("atoll_trap");

    private static byte[] Distance(ulong from, ulong to) => BitConverter.GetBytes((int)(long)(to - from));

    private static void Finds(string what, byte[] image) => Assert.Contains(
        ProofSubject.Prove(image).Findings,
        finding => finding.Id == "ATL9065" && finding.Message.Contains(what, StringComparison.Ordinal));
}
