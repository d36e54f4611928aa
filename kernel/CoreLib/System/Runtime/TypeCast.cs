namespace System.Runtime;

/// <summary>Cast helpers that ILC's scanner demands. No kernel code casts references, so the linker drops them all.</summary>
[Atoll.Trusted(Safety = "ILC asks that they exist; code that used them would keep them, and no reference can be made.")]
internal static unsafe class TypeCast
{
    public static object CheckCastAny(void* type, object value) => value;

    public static object CheckCastInterface(void* type, object value) => value;

    public static object CheckCastClass(void* type, object value) => value;

    public static object CheckCastClassSpecial(void* type, object value) => value;

    public static object IsInstanceOfAny(void* type, object value) => value;

    public static object IsInstanceOfInterface(void* type, object value) => value;

    public static object IsInstanceOfClass(void* type, object value) => value;

    public static bool IsInstanceOfException(void* type, object value) => false;
}
