using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>Members whose throw is what they are for: that no probe has seen it does not make it unknown.</summary>
internal static class ThrowingMembers
{
    private const string Guard = "ThrowIf";

    // An indexer that throws where the key is missing, a value that may not be there.
    private static readonly HashSet<string> s_members =
    [
        "System.Nullable`1.get_Value", "System.Collections.Generic.Dictionary`2.get_Item", "System.Collections.Generic.SortedDictionary`2.get_Item",
        "System.Collections.Generic.SortedList`2.get_Item", "System.Collections.Generic.OrderedDictionary`2.get_Item", "System.Collections.Concurrent.ConcurrentDictionary`2.get_Item",
        "System.Collections.Generic.Queue`1.Dequeue", "System.Collections.Generic.Queue`1.Peek", "System.Collections.Generic.Stack`1.Pop", "System.Collections.Generic.Stack`1.Peek",
    ];

    /// <summary>Whether a member is one of them.</summary>
    public static bool Contains(MethodBase method) =>
        method.Name.StartsWith(Guard, StringComparison.Ordinal) || s_members.Contains($"{method.DeclaringType!.FullName}.{method.Name}");
}
