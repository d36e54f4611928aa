namespace System.Runtime.InteropServices;

/// <summary>The compiler marks the constraint <c>unmanaged</c> with it. Nothing is marshalled.</summary>
public enum UnmanagedType;
