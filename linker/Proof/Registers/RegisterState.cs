using System.Collections.Immutable;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>How the kernel was entered.</summary>
public enum Origin
{
    /// <summary>It was not: the kernel itself called.</summary>
    Kernel,

    /// <summary>By SYSCALL.</summary>
    SystemCall,

    /// <summary>By an interrupt or exception of ring 3, on the stack of ring 0.</summary>
    UserInterrupt,

    /// <summary>By one of ring 3 that has a stack of its own.</summary>
    UserInterruptApart,

    /// <summary>By one of ring 0.</summary>
    KernelInterrupt,
}

/// <summary>What is known of all registers between two instructions, on every path that leads there.</summary>
public sealed record RegisterState
{
    private const int Count = 16;
    private const int SegmentCount = 6;

    private ImmutableArray<RegisterValue> _general = [.. new RegisterValue[Count]];
    private ImmutableArray<RegisterValue> _vector = [.. new RegisterValue[Count]];
    private ImmutableArray<RegisterValue> _segments = [.. new RegisterValue[SegmentCount]];

    /// <summary>Words of the kernel's stack, by their depth.</summary>
    public ImmutableDictionary<long, RegisterValue> Stack { get; init; } = ImmutableDictionary<long, RegisterValue>.Empty;

    /// <summary>x87 and MXCSR.</summary>
    public RegisterValue Fpu { get; init; }

    /// <summary>The base of FS is as <see cref="Abi.EntryState.LoadedFsBase"/> will say.</summary>
    public bool IsFsBaseNoted { get; init; }

    /// <summary>The base of FS is the context's.</summary>
    public bool IsFsBaseLoaded { get; init; }

    /// <summary>Another thread goes on than the one that came.</summary>
    public bool IsSwitched { get; init; }

    /// <summary>The program's stack pointer is in <see cref="Abi.EntryState.UserRsp"/>.</summary>
    public bool IsStackNoted { get; init; }

    /// <summary>Who came this way: the same on all paths of one walk.</summary>
    public Origin Origin { get; init; }

    /// <summary>Flags are clean: no AC, which turns SMAP off, no DF.</summary>
    public bool HasCleanFlags { get; init; }

    /// <summary>Bytes from the beginning of the stack down to a multiple of 16; null: nobody knows.</summary>
    public int? StackBias { get; init; } = 0;

    /// <summary>Words of the context that hold what the thread had, by offset; and the FXSAVE area.</summary>
    public ImmutableHashSet<ulong> Saved { get; init; } = [];

    /// <summary>What the zero flag tells: a value that is zero, or a CS whose privilege level is.</summary>
    public RegisterValue ZeroMeans { get; init; }

    /// <summary>A general register, whole.</summary>
    public RegisterValue this[Register register] => _general[register.GetFullRegister().GetNumber()];

    /// <summary>A vector register.</summary>
    public RegisterValue Vector(int number) => _vector[number];

    /// <summary>A segment register.</summary>
    public RegisterValue Segment(Register segment) => _segments[segment - Register.ES];

    /// <summary>Depth of RSP on a stack of the kernel's; null: it is not there.</summary>
    public long? Depth => this[Register.RSP] is { Kind: ValueKind.Depth, Detail: ulong depth } ? (long)depth : null;

    /// <summary>With another value in a general register. One of less than 64 bits is not followed.</summary>
    public RegisterState With(Register register, RegisterValue value) =>
        this with { _general = _general.SetItem(register.GetFullRegister().GetNumber(), value) };

    /// <summary>With another value in a vector register.</summary>
    public RegisterState WithVector(int number, RegisterValue value) => this with { _vector = _vector.SetItem(number, value) };

    /// <summary>With the same in all vector registers.</summary>
    public RegisterState WithVectors(Func<int, RegisterValue> value) =>
        this with { _vector = [.. Enumerable.Range(0, Count).Select(value)] };

    /// <summary>With another selector.</summary>
    public RegisterState WithSegment(Register segment, RegisterValue value) =>
        this with { _segments = _segments.SetItem(segment - Register.ES, value) };

    /// <summary>With the same in all segment registers.</summary>
    public RegisterState WithSegments(RegisterValue value) =>
        this with { _segments = [.. Enumerable.Repeat(value, SegmentCount)] };

    /// <summary>With another word on the stack. Words that overlap it are gone.</summary>
    public RegisterState WithSlot(long depth, RegisterValue value) => this with
    {
        Stack = Stack.RemoveRange(Stack.Keys.Where(slot => long.Abs(slot - depth) < sizeof(ulong))).SetItem(depth, value),
    };

    /// <summary>With RSP elsewhere on the stack: what is below it is gone.</summary>
    public RegisterState AtDepth(long depth) =>
        (this with { Stack = Stack.RemoveRange(Stack.Keys.Where(slot => slot > depth)) })
            .With(Register.RSP, new RegisterValue(ValueKind.Depth, (ulong)depth));

    /// <summary>The thread that came is gone: nothing of it is the next one's.</summary>
    public RegisterState Switched() => this with
    {
        _general = Forget(_general),
        _vector = Forget(_vector),
        _segments = Forget(_segments),
        Stack = Stack.ToImmutableDictionary(slot => slot.Key, slot => Forget(slot.Value)),
        Fpu = Forget(Fpu),
        IsFsBaseNoted = false,
        IsFsBaseLoaded = false,
        IsSwitched = true,
        ZeroMeans = default,
    };

    /// <summary>What is known where two paths meet.</summary>
    public RegisterState Join(RegisterState other) => this with
    {
        _general = Join(_general, other._general),
        _vector = Join(_vector, other._vector),
        _segments = Join(_segments, other._segments),
        Stack = Stack.Where(slot => other.Stack.ContainsKey(slot.Key))
            .ToImmutableDictionary(slot => slot.Key, slot => slot.Value.Join(other.Stack[slot.Key])),
        Fpu = Fpu.Join(other.Fpu),
        IsFsBaseNoted = IsFsBaseNoted && other.IsFsBaseNoted,
        IsFsBaseLoaded = IsFsBaseLoaded && other.IsFsBaseLoaded,
        IsSwitched = IsSwitched || other.IsSwitched,
        IsStackNoted = IsStackNoted && other.IsStackNoted,
        HasCleanFlags = HasCleanFlags && other.HasCleanFlags,
        StackBias = StackBias == other.StackBias ? StackBias : null,
        Saved = Saved.Intersect(other.Saved),
        ZeroMeans = ZeroMeans.Join(other.ZeroMeans),
    };

    /// <summary>Whether the same is known.</summary>
    public bool Equals(RegisterState? other) => other is not null
        && _general.SequenceEqual(other._general) && _vector.SequenceEqual(other._vector)
        && _segments.SequenceEqual(other._segments) && Saved.SetEquals(other.Saved)
        && Stack.Count == other.Stack.Count
        && Stack.All(slot => other.Stack.TryGetValue(slot.Key, out RegisterValue value) && value == slot.Value)
        && (Fpu, ZeroMeans) == (other.Fpu, other.ZeroMeans)
        && (IsFsBaseNoted, IsFsBaseLoaded, IsSwitched, IsStackNoted, HasCleanFlags, StackBias) == (other.IsFsBaseNoted,
            other.IsFsBaseLoaded, other.IsSwitched, other.IsStackNoted, other.HasCleanFlags, other.StackBias);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(this[Register.RAX], this[Register.RSP], Stack.Count, Saved.Count);

    private static RegisterValue Forget(RegisterValue value) => value.IsOwn ? RegisterValue.Unknown : value;

    private static ImmutableArray<RegisterValue> Forget(ImmutableArray<RegisterValue> values) => [.. values.Select(Forget)];

    private static ImmutableArray<RegisterValue> Join(ImmutableArray<RegisterValue> one, ImmutableArray<RegisterValue> other) =>
        [.. one.Zip(other, (first, second) => first.Join(second))];
}
