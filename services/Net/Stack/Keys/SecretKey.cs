namespace Atoll.Services.Net.Stack;

/// <summary>128 bits that nobody outside knows. 16 bytes. Whoever starts a stack gives it one from a good source.</summary>
public struct SecretKey
{
    /// <summary>Lower half.</summary>
    public ulong Low;

    /// <summary>Upper half.</summary>
    public ulong High;
}
