using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Which rights of an endpoint capability a sender needs.</summary>
public static class CallRights
{
    /// <summary>Those that are missing.</summary>
    /// <param name="rights">Of the capability.</param>
    /// <param name="isCall">Whether an answer is awaited: then the right to grant, or to grant the reply, too.</param>
    public static CapabilityRights Missing(CapabilityRights rights, bool isCall)
    {
        CapabilityRights needed = isCall && (rights & CapabilityRights.Grant) == 0 ? CapabilityRights.Write | CapabilityRights.GrantReply : CapabilityRights.Write;
        return needed & ~rights;
    }

    /// <summary>Whether none is.</summary>
    public static bool Suffice(CapabilityRights rights, bool isCall) => Missing(rights, isCall) == CapabilityRights.None;
}
