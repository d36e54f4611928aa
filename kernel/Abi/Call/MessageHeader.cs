namespace Atoll.Abi;

/// <summary>Describes a message: RSI. Untrusted.</summary>
/// <remarks>Bits 0–6: words; bits 7–8: capabilities; bits 12–63: label.</remarks>
/// <param name="raw">The register.</param>
public readonly struct MessageHeader(ulong raw)
{
    /// <summary>Most words: four in registers, the rest in the message buffer.</summary>
    public const int WordsMax = 120;

    /// <summary>Words that travel in registers.</summary>
    public const int RegisterWords = 4;

    /// <summary>Most capabilities.</summary>
    public const int CapabilitiesMax = 3;

    private const int CapabilityShift = 7;
    private const int LabelShift = 12;

    /// <summary>The register.</summary>
    public readonly ulong Raw = raw;

    /// <summary>Words that it says it has, up to 127; more than <see cref="WordsMax"/> is refused.</summary>
    public uint Words => (uint)Raw & 0x7F;

    /// <summary>Capabilities that it carries.</summary>
    public uint Capabilities => (uint)(Raw >> CapabilityShift) & 3;

    /// <summary>What sender and receiver agreed upon; for an operation of the kernel its number.</summary>
    public ulong Label => Raw >> LabelShift;

    /// <summary>Whether all of it fits into registers, without a capability.</summary>
    public bool IsShort => (Raw & 0xFFF) <= RegisterWords;

    /// <summary>Makes one.</summary>
    public static MessageHeader Of(ulong label, uint words, uint capabilities = 0) =>
        new((label << LabelShift) | (capabilities << CapabilityShift) | words);
}
