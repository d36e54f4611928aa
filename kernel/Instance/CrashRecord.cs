using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Instance;

/// <summary>The crash page: what an instance leaves behind. Less than one page; written by the dying instance only.</summary>
/// <remarks>Whoever reads it after the core was stopped treats it as untrusted: it bounds <see cref="FrameCount"/>.</remarks>
[PerCore]
public struct CrashRecord
{
    /// <summary>"ATOLLDIE" read as a little-endian word.</summary>
    public const ulong MagicValue = 0x4549_444C_4C4F_5441;

    /// <summary><see cref="MagicValue"/>, written last.</summary>
    public ulong Magic;

    /// <summary>Core number.</summary>
    public ulong Core;

    /// <summary>Which life of the core.</summary>
    public ulong Incarnation;

    /// <summary>Registers, vector and error code.</summary>
    public TrapFrame Frame;

    /// <summary>CR2.</summary>
    public ulong FaultAddress;

    /// <summary>CR3.</summary>
    public ulong PageTables;

    /// <summary>Build of the image.</summary>
    public BuildId Build;

    /// <summary>Return addresses that <see cref="Frames"/> holds.</summary>
    public uint FrameCount;

    /// <summary>The interrupted address, then return addresses, innermost first.</summary>
    public ReturnAddresses Frames;

    /// <summary>Return addresses.</summary>
    [InlineArray(Limits.CrashFramesMax)]
    public struct ReturnAddresses
    {
        private ulong _address0;
    }
}
