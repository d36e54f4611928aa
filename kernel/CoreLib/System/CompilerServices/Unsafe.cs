namespace System.Runtime.CompilerServices;

/// <summary>Address arithmetic on references. ILC supplies every body.</summary>
public static unsafe class Unsafe
{
    [Intrinsic]
    public static ref T Add<T>(ref T source, int elementOffset) => ref Add(ref source, elementOffset);

    [Intrinsic]
    public static ref T Add<T>(ref T source, nuint elementOffset) => ref Add(ref source, elementOffset);

    [Intrinsic]
    public static ref TTo As<TFrom, TTo>(ref TFrom source) => ref As<TFrom, TTo>(ref source);

    [Intrinsic]
    public static ref T AsRef<T>(void* source) => ref AsRef<T>(source);

    [Intrinsic]
    public static ref T AsRef<T>(scoped ref readonly T source) => ref AsRef(in source);

    [Intrinsic]
    public static void* AsPointer<T>(ref readonly T value) => AsPointer(in value);

    [Intrinsic]
    public static nuint ByteOffset<T>(ref readonly T origin, ref readonly T target) => ByteOffset(in origin, in target);

    [Intrinsic]
    public static void SkipInit<T>(out T value) => SkipInit(out value);

    [Intrinsic]
    public static int SizeOf<T>() => SizeOf<T>();
}
