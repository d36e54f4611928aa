namespace Atoll.TestVm.Isolation;

/// <summary>A kernel's record of a capability that crosses, version 1 (docs/remote-capabilities.md, "Records").</summary>
/// <param name="Number">Its number in its table.</param>
/// <param name="Physical">Where it lies.</param>
/// <param name="Type">Kind of the capability.</param>
/// <param name="Rights">What may be done with it.</param>
/// <param name="Bytes">Of memory: its size.</param>
/// <param name="Frame">Of memory: its physical address.</param>
/// <param name="Next">Export: the slot behind it, or what it was derived from; as the tree has it.</param>
/// <param name="Peer">The other core.</param>
/// <param name="HomeNumber">Import: number of the record at home.</param>
/// <param name="State">Where it is in its life.</param>
public sealed record CrossingRecord(
    int Number, ulong Physical, byte Type, byte Rights, ulong Bytes, ulong Frame, ulong Next, uint Peer, uint HomeNumber, byte State)
{
    /// <summary>The record is free.</summary>
    public const byte Free = 0;

    /// <summary>Import: it waits to be taken.</summary>
    public const byte Arrived = 1;

    /// <summary>The holder has it.</summary>
    public const byte Held = 2;

    /// <summary>It is revoked, and the holder may still use it.</summary>
    public const byte Revoking = 3;

    /// <summary>Kind of a frame.</summary>
    public const byte FrameType = 2;

    /// <summary>Kind of an untyped, which moves as a whole: frames of the holder lie in it.</summary>
    public const byte UntypedType = 1;

    private const byte WriteRight = 2;
    private const byte SizeBitsMax = 39;

    /// <summary>Whether it stands for memory.</summary>
    public bool IsMemory => Type is FrameType or UntypedType;

    /// <summary>Whether programs of the holder may have it mapped.</summary>
    public bool IsUsable => State is Held or Revoking;

    /// <summary>Whether it may be written.</summary>
    public bool MayWrite => (Rights & WriteRight) != 0;

    internal static CrossingRecord Read(PhysicalMemory memory, int number, ulong at)
    {
        ulong head = memory.Word(at);
        ulong peer = memory.Word(at + 72);
        return new CrossingRecord(
            number,
            at,
            (byte)head,
            (byte)(head >> 8),
            1UL << byte.Min((byte)(head >> 16), SizeBitsMax),
            memory.Word(at + 8),
            memory.Word(at + 48),
            (uint)peer,
            (uint)(peer >> 32),
            (byte)(memory.Word(at + 96) >> 32));
    }
}
