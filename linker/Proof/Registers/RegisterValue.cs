namespace Atoll.Linker.Proof.Registers;

/// <summary>What a register, or a word of the stack, is known to hold.</summary>
public enum ValueKind
{
    /// <summary>Anything: the kernel's, or another thread's.</summary>
    Unknown,

    /// <summary>A constant. Detail: the constant.</summary>
    Constant,

    /// <summary>What the program had in a register when it came. Detail: the register's number.</summary>
    Own,

    /// <summary>What the program had in a vector register when it came. Detail: the register's number.</summary>
    OwnVector,

    /// <summary>The program's selectors, or its x87 state and MXCSR.</summary>
    OwnState,

    /// <summary>The program's instruction pointer, as SYSCALL left it in RCX.</summary>
    OwnAddress,

    /// <summary>The program's flags, as SYSCALL left them in R11.</summary>
    OwnFlags,

    /// <summary>The program's stack pointer.</summary>
    OwnStack,

    /// <summary>A word that the processor pushed for an interrupt. Detail: 0 RIP, 1 CS, 2 RFLAGS, 3 RSP, 4 SS.</summary>
    Frame,

    /// <summary>The address of the context of the thread that goes on.</summary>
    Context,

    /// <summary>A word of that context. Detail: its offset.</summary>
    Field,

    /// <summary>The upper half of such a word. Detail: its offset.</summary>
    UpperHalf,

    /// <summary>The context's instruction pointer, shifted left by 17.</summary>
    Shifted,

    /// <summary>The context's instruction pointer, cut to the lower half.</summary>
    LowAddress,

    /// <summary>The context's flags without those that a program cannot have.</summary>
    MaskedFlags,

    /// <summary>The context's flags, interrupts open.</summary>
    UserFlags,

    /// <summary>The base of FS that is loaded.</summary>
    LoadedFsBase,

    /// <summary>The context's base of FS or the one that is loaded, bit by bit: 0 when both are.</summary>
    BothFsBases,

    /// <summary>Of RSP: bytes below where it was when the kernel loaded it, or the processor pushed a frame. Detail: how
    /// many.</summary>
    Depth,

    /// <summary>Of vector registers: what FXRSTOR has loaded for the thread that goes on.</summary>
    Restored,
}

/// <summary>A kind with its detail.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Detail">What the kind says.</param>
public readonly record struct RegisterValue(ValueKind Kind, ulong Detail = 0)
{
    /// <summary>Anything.</summary>
    public static RegisterValue Unknown => default;

    /// <summary>Zero.</summary>
    public static RegisterValue Zero => Constant(0);

    /// <summary>A constant.</summary>
    public static RegisterValue Constant(ulong value) => new(ValueKind.Constant, value);

    /// <summary>Whether it belongs to the thread that came, and not to one that goes on instead.</summary>
    public bool IsOwn => Kind is not (ValueKind.Unknown or ValueKind.Constant or ValueKind.Depth);

    /// <summary>What is known where two paths meet.</summary>
    public RegisterValue Join(RegisterValue other) => this == other ? this : Unknown;

    /// <summary>For a finding.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Unknown => "what nobody knows",
        ValueKind.Constant => $"0x{Detail:x}",
        ValueKind.Own => "what the program had in another register",
        ValueKind.Context => "the address of a context",
        ValueKind.Field => $"the word at {Detail} of the context",
        ValueKind.Depth => "the kernel's stack",
        ValueKind.Frame => $"word {Detail} of the interrupt's frame",
        _ => $"'{Kind}'",
    };
}
