namespace System.Runtime.InteropServices;

/// <summary>Demanded by ILC's scanner, which replaces its body; never called.</summary>
internal interface IDynamicInterfaceCastable
{
    [Atoll.Trusted(Safety = "ILC asks that it exists; nothing calls it.")]
    static nint GetDynamicInterfaceImplementation(object instance, nint interfaceType, ushort slot) => 0;
}
