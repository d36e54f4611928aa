namespace System.Runtime;

/// <summary>Gives a method a symbol of its own, in the System V calling convention.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint { get; } = entry;
}

/// <summary>Binds a method to a symbol that the linker provides.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor)]
public sealed class RuntimeImportAttribute(string dllName, string entry) : Attribute
{
    public string DllName { get; } = dllName;

    public string EntryPoint { get; } = entry;
}
