using System.Runtime.InteropServices;

namespace System.Runtime.CompilerServices;

/// <summary>A method whose body the JIT replaces. Its C# body is a call of itself, which the JIT never compiles.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Constructor | AttributeTargets.Method)]
internal sealed class IntrinsicAttribute : Attribute;

[Flags]
public enum MethodImplOptions
{
    NoInlining = 0x0008,
    AggressiveInlining = 0x0100,
    InternalCall = 0x1000,
}

[AttributeUsage(AttributeTargets.Constructor | AttributeTargets.Method)]
public sealed class MethodImplAttribute(MethodImplOptions value) : Attribute
{
    public MethodImplOptions Value { get; } = value;
}

[AttributeUsage(AttributeTargets.Struct)]
public sealed class InlineArrayAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}

/// <summary>The named assembly sees what is internal.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class InternalsVisibleToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}

/// <summary>Prologues leave address-taken locals as they are instead of zeroing them.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class SkipLocalsInitAttribute : Attribute;

[AttributeUsage(AttributeTargets.All)]
public sealed class CompilerGeneratedAttribute : Attribute;

[AttributeUsage(AttributeTargets.All)]
public sealed class IsReadOnlyAttribute : Attribute;

[AttributeUsage(AttributeTargets.Struct)]
public sealed class IsByRefLikeAttribute : Attribute;

[AttributeUsage(AttributeTargets.GenericParameter)]
public sealed class IsUnmanagedAttribute : Attribute;

[AttributeUsage(AttributeTargets.All)]
public sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName { get; } = featureName;

    public bool IsOptional { get; set; }
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class ExtensionAttribute : Attribute;

[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class)]
public sealed class UnsafeValueTypeAttribute : Attribute;

/// <summary>Modifier of a volatile field's type.</summary>
public static class IsVolatile;

/// <summary>What this runtime offers the language.</summary>
public static class RuntimeFeature
{
    public const string DefaultImplementationsOfInterfaces = nameof(DefaultImplementationsOfInterfaces);

    public const string VirtualStaticsInInterfaces = nameof(VirtualStaticsInInterfaces);

    public const string ByRefFields = nameof(ByRefFields);

    public const string ByRefLikeGenerics = nameof(ByRefLikeGenerics);

    public const string NumericIntPtr = nameof(NumericIntPtr);

    public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
}
