using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>What a program asks of whoever loads it: the content of its note <c>.note.atoll.program</c>, followed by
/// <see cref="NeedCount"/> structures <see cref="ProgramNeed"/>.</summary>
/// <remarks>Owner "Atoll", type <see cref="NoteType"/>. It lies in read-only data. Untrusted, like the rest of the
/// file.</remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ProgramManifest
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 72;

    /// <summary>Version of this structure.</summary>
    public const uint VersionValue = 2;

    /// <summary>Type of the note in its owner's numbering.</summary>
    public const uint NoteType = 2;

    /// <summary>Where programs lie unless they are linked for another address: 4 MiB, far from page 0.</summary>
    public const ulong DefaultBase = 0x0040_0000;

    /// <summary>First address that is no program's: the lower half ends there (Intel SDM Vol. 1, "Canonical
    /// Addressing").</summary>
    public const ulong AddressLimit = 0x0000_8000_0000_0000;

    /// <summary>Most bytes that a program may have in memory without its stack.</summary>
    public const ulong SizeMax = 16 * 1024 * 1024;

    /// <summary>Most bytes of stack that a program may ask for.</summary>
    public const uint StackBytesMax = 1024 * 1024;

    /// <summary><see cref="VersionValue"/>.</summary>
    [FieldOffset(0)] public uint Version;

    /// <summary>Bytes of stack that it needs: whole pages. RSP is their upper end when it starts.</summary>
    [FieldOffset(4)] public uint StackBytes;

    /// <summary>Virtual address of its first page.</summary>
    [FieldOffset(8)] public ulong Base;

    /// <summary>Virtual address behind its last page.</summary>
    [FieldOffset(16)] public ulong End;

    /// <summary>Virtual address that it starts at.</summary>
    [FieldOffset(24)] public ulong Entry;

    /// <summary>Its name.</summary>
    [FieldOffset(32)] public ProgramName Name;

    /// <summary>Needs that follow, at most <see cref="ProgramInformation.GrantsMax"/>.</summary>
    [FieldOffset(64)] public uint NeedCount;

    /// <summary>Reply objects: callers that it keeps waiting at once; 1 to 32.</summary>
    [FieldOffset(68)] public uint Replies;
}

/// <summary>One thing that a program needs, or can use.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ProgramNeed
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 80;

    /// <summary>Under which name the program asks for it.</summary>
    [FieldOffset(0)] public ProgramName Name;

    /// <summary>Channels: the protocol that is spoken.</summary>
    [FieldOffset(32)] public ProgramName Protocol;

    /// <summary>What it is: a <see cref="GrantKind"/>.</summary>
    [FieldOffset(64)] public GrantKind Kind;

    /// <summary>1: the program runs without it as well.</summary>
    [FieldOffset(65)] public byte IsOptional;

    /// <summary>Channels: version of the protocol.</summary>
    [FieldOffset(66)] public ushort ProtocolVersion;

    /// <summary>Ports and slots: how many. Memory, regions and frames: bytes. Channels of rings: how many ends at most; 0: one. Else 0.</summary>
    [FieldOffset(72)] public ulong Amount;
}

/// <summary>A name in UTF-8, filled up with zeros. 32 bytes, of which the last is zero.</summary>
[InlineArray(SizeBytes)]
public struct ProgramName
{
    /// <summary>Bytes.</summary>
    public const int SizeBytes = 32;

    private byte _byte0;
}
