namespace System.Runtime.CompilerServices;

/// <summary>What the compiler looks for where a property has <c>init</c>; netstandard2.0 does not have it.</summary>
internal static class IsExternalInit;
