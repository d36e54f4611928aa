using System.Buffers.Binary;

namespace Atoll.Linker.Proof.Loading;

/// <summary>The file is of no other boot protocol: loaders look for those first.</summary>
/// <remarks>
/// QEMU tries Linux and Multiboot before it reads ELF (hw/i386/x86-common.c, <c>x86_load_linux</c>), GRUB Multiboot 2.
/// Sources: Linux, Documentation/arch/x86/boot.rst; Multiboot Specification 0.6.96, 3.1; Multiboot2 Specification 2.0, 3.1;
/// Xen, xen/common/libelf/libelf-dominfo.c.
/// </remarks>
internal static class OtherProtocols
{
    private const int LinuxMagicAt = 0x202;
    private const uint LinuxMagic = 0x5372_6448;
    private const uint MultibootMagic = 0x1BAD_B002;
    private const int MultibootSearched = 8192;
    private const uint Multiboot2Magic = 0xE852_50D6;
    private const int Multiboot2Searched = 32768;
    private const string XenSection = "__xen_guest";

    /// <summary>Checks.</summary>
    /// <returns>Protocols examined.</returns>
    public static int Check(ProofContext proof)
    {
        ReadOnlySpan<byte> file = proof.Image.Bytes.Span;
        (string Protocol, bool IsThere)[] protocols =
        [
            ("Linux", Word(file, LinuxMagicAt) == LinuxMagic),
            ("Multiboot", HasHeader(file, MultibootMagic, MultibootSearched, step: 4, words: 3)),
            ("Multiboot 2", HasHeader(file, Multiboot2Magic, Multiboot2Searched, step: 8, words: 4)),
            ("Xen's section of strings", proof.Image.Sections.Any(section => section.Name == XenSection)),
        ];
        foreach ((string protocol, _) in protocols.Where(protocol => protocol.IsThere))
        {
            proof.Report(ProofDiagnostics.Loader, $"The file has a header for {protocol}, by which a loader would start it otherwise.");
        }

        return protocols.Length;
    }

    /// <summary>A header begins with its magic, and its words add up to zero.</summary>
    private static bool HasHeader(ReadOnlySpan<byte> file, uint magic, int searched, int step, int words)
    {
        for (int offset = 0; offset < int.Min(searched, file.Length); offset += step)
        {
            if (Word(file, offset) != magic)
            {
                continue;
            }

            uint sum = 0;
            for (int word = 0; word < words; word++)
            {
                sum = unchecked(sum + Word(file, offset + (word * sizeof(uint))));
            }

            if (sum == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static uint Word(ReadOnlySpan<byte> file, int offset) =>
        offset + sizeof(uint) <= file.Length ? BinaryPrimitives.ReadUInt32LittleEndian(file[offset..]) : 0;
}
