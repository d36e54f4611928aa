namespace Atoll.Linker.Model;

/// <summary>Where in the image a fragment lies. The order is the order of addresses.</summary>
public enum FragmentPlace
{
    /// <summary>Boot segment, executable.</summary>
    BootCode,

    /// <summary>Boot segment, read-only.</summary>
    BootReadOnly,

    /// <summary>Boot segment, writable, bytes in the file.</summary>
    BootData,

    /// <summary>Boot segment, writable, zero: no bytes in the file.</summary>
    BootZero,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Read-only data.</summary>
    ReadOnly,

    /// <summary>Data: each instance has its own copy.</summary>
    Data,
}

/// <summary>What <see cref="Fragment.Emit"/> may ask.</summary>
public interface IFragmentContext
{
    /// <summary>Virtual address that the fragment begins at.</summary>
    ulong Address { get; }

    /// <summary>Virtual address of a symbol named in <see cref="Fragment.References"/>.</summary>
    ulong AddressOf(string symbol);
}

/// <summary>A piece of code or data that the linker makes itself: a trampoline, a descriptor table, a note.</summary>
/// <remarks>
/// Its size is known before addresses are, so emitting never changes the layout. Reachability treats it like a
/// function of an object file: it is kept when something refers to it, and keeps what it refers to.
/// </remarks>
public abstract class Fragment
{
    /// <summary>Symbol of the first byte.</summary>
    public abstract string Name { get; }

    /// <summary>Segment it belongs to.</summary>
    public abstract FragmentPlace Place { get; }

    /// <summary>Alignment, a power of two.</summary>
    public virtual int AlignmentBytes => 16;

    /// <summary>Exact size of what <see cref="Emit"/> returns, or of the zeroed area for
    /// <see cref="FragmentPlace.BootZero"/>.</summary>
    public abstract int SizeBytes { get; }

    /// <summary>Symbols that <see cref="Emit"/> asks for.</summary>
    public abstract IReadOnlyList<string> References { get; }

    /// <summary>Further symbols inside the fragment, with their offsets.</summary>
    public virtual IReadOnlyList<(string Name, int OffsetBytes)> InnerSymbols => [];

    /// <summary>Whether the fragment is a function (symbol type STT_FUNC) or data (STT_OBJECT).</summary>
    public abstract bool IsCode { get; }

    /// <summary>Makes the bytes for the final address.</summary>
    public abstract byte[] Emit(IFragmentContext context);

    /// <summary>How to unwind from inside the fragment; empty for data and for code that has no caller.</summary>
    public virtual IReadOnlyList<CallFrameRow> CallFrames => [];

    /// <summary>Where a debugger finds the program that entered the kernel here; null: nothing enters here from ring 3.</summary>
    /// <remarks>The kernel's own walk ends here: it reads no memory of programs.</remarks>
    public virtual UserCaller? UserCaller => null;

    /// <summary>What the proof is to know of it.</summary>
    public virtual CodeClaims Claims(IFragmentContext context) => CodeClaims.None;
}

/// <summary>A program that is in a system call. All registers that a call keeps are where they were.</summary>
/// <param name="InstructionPointerAt">Address of the word that holds its instruction pointer.</param>
/// <param name="StackPointerAt">Address of the word that holds its stack pointer.</param>
public sealed record UserCaller(ulong InstructionPointerAt, ulong StackPointerAt);

/// <summary>Call frame information from one offset of a function to the next row.</summary>
/// <param name="CodeOffset">Offset in the fragment, bytes.</param>
/// <param name="Rule">What the CFA is computed from.</param>
/// <param name="CfaOffset">Bytes to add.</param>
/// <param name="FramePointerSlot">RBP of the caller is saved at CFA - 8 × this; 0: not saved.</param>
public readonly record struct CallFrameRow(int CodeOffset, Abi.UnwindRule Rule, int CfaOffset, int FramePointerSlot);
