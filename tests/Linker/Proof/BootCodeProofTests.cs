using System.Buffers.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Proof;

/// <summary>One image for each way by which something that stays could lead into the boot segment, whose memory has other uses then.</summary>
public sealed class BootCodeProofTests
{
    private const string Id = "ATL9065";

    // mov rax, imm32 (with its sign); call; ret
    private const int ConstantOffset = 3;
    private const int CallOffset = 7;
    private const int AfterCall = 12;
    private static readonly byte[] s_instance = [0x48, 0xC7, 0xC0, 0, 0, 0, 0, 0xE8, 0, 0, 0, 0, 0xC3];

    [Fact]
    public void OnlyBootMainLeadsThere_SoItIsProved() => AssertNone(Image().Bytes);

    /// <summary>An instance that calls what boot calls on its way, or boot's own code.</summary>
    [Theory]
    [InlineData("atoll_boot_main", "leads to 'atoll_boot_main', which leads into the boot segment")]
    [InlineData("first", "leads to 'atoll_instance_main', which leads into the boot segment")]
    public void CallOfAnInstance_IsFound(string target, string says)
    {
        LinkedImage image = Image();
        ulong instance = image.AddressOf("atoll_instance_main");

        AssertSays(image.Patched(instance + CallOffset + 1, Word((uint)(image.AddressOf(target) - (instance + AfterCall)))), says);
    }

    /// <summary>A constant that is the address of what leads there may be called later.</summary>
    [Fact]
    public void ConstantOfAnInstance_IsFound()
    {
        LinkedImage image = Image();

        AssertSays(
            image.Patched(image.AddressOf("atoll_instance_main") + ConstantOffset, Word((uint)image.AddressOf("atoll_boot_main"))),
            "leads to 'atoll_boot_main', which leads into the boot segment");
    }

    /// <summary>Whoever gives the memory back names it by its addresses.</summary>
    [Fact]
    public void ConstantOfTheSegmentItself_IsNone()
    {
        LinkedImage image = Image();

        byte[] patched = image.Patched(image.AddressOf("atoll_instance_main") + ConstantOffset, Word((uint)image.AddressOf("first")));

        AssertNone(patched);
    }

    private static void AssertNone(ReadOnlyMemory<byte> image) =>
        Assert.DoesNotContain(ProofSubject.Prove(image).Findings, finding => finding.Id == Id);

    private static void AssertSays(byte[] image, string says)
    {
        IReadOnlyList<Diagnostic> findings = ProofSubject.Findings(image, Id);
        Assert.True(findings.Any(finding => finding.Message.Contains(says, StringComparison.Ordinal)), string.Join('\n', findings));
    }

    private static byte[] Word(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static LinkedImage Image() => LinkedImage.Of(new ObjectBuilder()
        .Code("atoll_boot_main", LinkedImage.CallBytes, Fixup.Call("first"))
        .Code("atoll_instance_main", s_instance, Fixup.Call("shared") with { Offset = CallOffset + 1 })
        .Code("atoll_trap", [0xC3]).Code("first", [0xC3]).Code("shared", [0xC3]));
}
