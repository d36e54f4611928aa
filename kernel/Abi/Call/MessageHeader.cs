namespace Atoll.Abi;

/// <summary>Describes a message: RSI. Untrusted.</summary>
/// <remarks>Bits 0–6: words; bits 7–8: capabilities; bit 11: a signal, set by the kernel only; bits 12–63: label.</remarks>
/// <param name="raw">The register.</param>
public readonly struct MessageHeader(ulong raw)
{
    /// <summary>Most words: four in registers, the rest in the message buffer.</summary>
    public const int WordsMax = 120;

    /// <summary>Words that travel in registers.</summary>
    public const int RegisterWords = 4;

    /// <summary>Most capabilities.</summary>
    public const int CapabilitiesMax = 3;

    private const ulong SignalBit = 1UL << 11;
    private const int CapabilityShift = 7;
    private const int LabelShift = 12;

    /// <summary>The register.</summary>
    public readonly ulong Raw = raw;

    /// <summary>Words that it says it has, up to 127; more than <see cref="WordsMax"/> is refused.</summary>
    public uint Words => (uint)Raw & 0x7F;

    /// <summary>Whether it has no more words than a message can have.</summary>
    public bool IsValid => Words <= WordsMax;

    /// <summary>Capabilities that it carries.</summary>
    public uint Capabilities => (uint)(Raw >> CapabilityShift) & 3;

    /// <summary>What sender and receiver agreed upon; for an operation of the kernel its number.</summary>
    public ulong Label => Raw >> LabelShift;

    /// <summary>What a receiver gets when a notification was signalled: no words, the bits are the badge.</summary>
    public static MessageHeader Signal => new(SignalBit);

    /// <summary>Whether it is a signal. No sender can say so.</summary>
    public bool IsSignal => (Raw & SignalBit) != 0;

    /// <summary>Whether all of it fits into registers, without a capability.</summary>
    public bool IsShort => (Raw & 0xFFF) <= RegisterWords;

    /// <summary>Makes one.</summary>
    public static MessageHeader Of(ulong label, uint words, uint capabilities = 0) =>
        new((label << LabelShift) | (capabilities << CapabilityShift) | words);
}
