using System.Runtime.CompilerServices;

namespace System;

/// <summary>A run of <typeparamref name="T"/> that may be written. Indexing is checked.</summary>
[Atoll.InterruptSafe, Atoll.NoBlock]
public readonly ref struct Span<T>
{
    [Atoll.Trusted(Safety = "Null only where the length is 0, with which every index is compared.")]
    private readonly ref T _reference;
    private readonly int _length;

    /// <summary>Views <paramref name="length"/> elements at <paramref name="pointer"/>.</summary>
    [Atoll.NoPanic]
    [Atoll.Trusted(Safety = "The caller vouches for the pointer and the length; it had to say 'unsafe'.")]
    public unsafe Span(void* pointer, int length)
    {
        _reference = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    [Atoll.NoPanic]
    internal Span(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    [Atoll.NoPanic]
    public int Length => _length;

    [Atoll.Trusted(Safety = "The index was compared with the length.")]
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return ref Unsafe.Add(ref _reference, index);
        }
    }

    [Atoll.NoPanic]
    public static implicit operator ReadOnlySpan<T>(Span<T> span) => new(ref span._reference, span._length);

    /// <summary>Views <paramref name="length"/> elements from <paramref name="start"/> on. Both are checked.</summary>
    [Atoll.Trusted(Safety = "Start and length were compared with the length.")]
    public Span<T> Slice(int start, int length)
    {
        if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start))
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        return new Span<T>(ref Unsafe.Add(ref _reference, start), length);
    }

    /// <summary>Sets every element to its default.</summary>
    public void Clear()
    {
        for (int index = 0; index < _length; index++)
        {
            this[index] = default!;
        }
    }

    /// <summary>The first element's place; of an empty span none.</summary>
    internal ref T Reference => ref _reference;
}

/// <summary>A run of <typeparamref name="T"/> that is only read. Indexing is checked.</summary>
[Atoll.InterruptSafe, Atoll.NoBlock]
public readonly ref struct ReadOnlySpan<T>
{
    [Atoll.Trusted(Safety = "Null only where the length is 0, with which every index is compared.")]
    private readonly ref T _reference;
    private readonly int _length;

    /// <summary>Views <paramref name="length"/> elements at <paramref name="pointer"/>.</summary>
    [Atoll.NoPanic]
    [Atoll.Trusted(Safety = "The caller vouches for the pointer and the length; it had to say 'unsafe'.")]
    public unsafe ReadOnlySpan(void* pointer, int length)
    {
        _reference = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    /// <summary>Demanded by the compiler for UTF-8 literals, never called: there are no arrays.</summary>
    [Atoll.Trusted(Safety = "The compiler asks that it exists; no array can be made to call it with.")]
    public unsafe ReadOnlySpan(T[] array, int start, int length)
    {
        _reference = ref Unsafe.AsRef<T>(null);
        _length = 0;
    }

    [Atoll.NoPanic]
    internal ReadOnlySpan(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    [Atoll.NoPanic]
    public int Length => _length;

    [Atoll.Trusted(Safety = "The index was compared with the length.")]
    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return ref Unsafe.Add(ref _reference, index);
        }
    }

    /// <summary>The part that begins at <paramref name="start"/> and has <paramref name="length"/> elements.</summary>
    [Atoll.Trusted(Safety = "Start and length were compared with the length.")]
    public ReadOnlySpan<T> Slice(int start, int length)
    {
        if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start))
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        return new ReadOnlySpan<T>(ref Unsafe.Add(ref _reference, start), length);
    }

    /// <summary>Copies every element to the start of <paramref name="target"/>, which must be as long at least. They may overlap.</summary>
    [Atoll.Trusted(Safety = "The target was found to be as long; what a span views holds no reference that a collector would miss.")]
    public void CopyTo(Span<T> target)
    {
        if (_length > target.Length)
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        SpanHelpers.Memmove(
            ref Unsafe.As<T, byte>(ref target.Reference), ref Unsafe.As<T, byte>(ref _reference), (nuint)_length * (nuint)Unsafe.SizeOf<T>());
    }

    /// <summary>Demanded by the compiler for constant byte arrays, never called: the data becomes a span of constants.</summary>
    [Atoll.Trusted(Safety = "The compiler asks that it exists and replaces it by constant data.")]
    public static implicit operator ReadOnlySpan<T>(T[] array) => default;
}
