namespace Atoll.Abi;

/// <summary>A bundle: several images in one file, because PVH hands over one module (docs/bundle.md).</summary>
/// <remarks>Header, index, then the images, each on a page of its own. All numbers are little-endian. Every byte is
/// untrusted until
/// its hash has been compared.</remarks>
public static class BundleLayout
{
    /// <summary>"ATOLLBND" read as a little-endian word.</summary>
    public const ulong MagicValue = 0x444E_424C_4C4F_5441;

    /// <summary>Version of the format.</summary>
    public const uint VersionValue = 1;

    /// <summary>Most images in one bundle.</summary>
    public const uint EntriesMax = 64;

    /// <summary>Bytes of the header; the index follows.</summary>
    public const int HeaderBytes = 64;

    /// <summary>Header: <see cref="MagicValue"/>, 8 bytes.</summary>
    public const int MagicOffset = 0;

    /// <summary>Header: <see cref="VersionValue"/>, 4 bytes.</summary>
    public const int VersionOffset = 8;

    /// <summary>Header: number of entries, 4 bytes.</summary>
    public const int CountOffset = 12;

    /// <summary>Header: bytes of the whole file, 8 bytes.</summary>
    public const int TotalOffset = 16;

    /// <summary>Header: SHA-256 of the index, 32 bytes. The 8 bytes before it are zero.</summary>
    public const int IndexHashOffset = 32;

    /// <summary>Bytes of one entry of the index.</summary>
    public const int EntryBytes = 96;

    /// <summary>Entry: name, UTF-8 filled up with zeros, as in <see cref="ProgramName"/>.</summary>
    public const int NameOffset = 0;

    /// <summary>Entry: <see cref="BundleKind"/>, 4 bytes. The 4 bytes behind it are zero.</summary>
    public const int KindOffset = 32;

    /// <summary>Entry: offset of the image in the file, a multiple of the page size, 8 bytes.</summary>
    public const int ContentOffset = 40;

    /// <summary>Entry: bytes of the image, 8 bytes. The 8 bytes behind it are zero.</summary>
    public const int SizeOffset = 48;

    /// <summary>Entry: SHA-256 of the image, 32 bytes.</summary>
    public const int HashOffset = 64;

    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashBytes = 32;
}

/// <summary>What an image in a bundle is.</summary>
public enum BundleKind : uint
{
    /// <summary>Nothing: no entry says so.</summary>
    None,

    /// <summary>A kernel.</summary>
    Kernel,

    /// <summary>A program for ring 3.</summary>
    Program,

    /// <summary>A system: <see cref="SystemHeader"/>.</summary>
    System,
}
