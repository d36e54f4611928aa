namespace System.Runtime.InteropServices;

/// <summary>Makes spans of references.</summary>
public static class MemoryMarshal
{
    public static Span<T> CreateSpan<T>(ref T reference, int length) => new(ref reference, length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(ref readonly T reference, int length) =>
        new(ref CompilerServices.Unsafe.AsRef(in reference), length);
}
