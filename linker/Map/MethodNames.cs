namespace Atoll.Linker.Map;

/// <summary>Makes ILC's mangled names readable.</summary>
public static class MethodNames
{
    /// <summary>Readable form of a mangled name; any other name is returned as it is.</summary>
    /// <remarks>
    /// ILC writes <c>Assembly_Namespace_Type__Method</c>: what cannot stand in a C identifier becomes an underscore, so
    /// namespace dots cannot be told from underscores, but the double one before the method can.
    /// </remarks>
    public static string Readable(string mangled)
    {
        int depth = 0;
        for (int index = 1; index + 2 < mangled.Length; index++)
        {
            depth += mangled[index] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0 && mangled[index] == '_' && mangled[index + 1] == '_' && mangled[index - 1] != '_')
            {
                return $"{mangled[..index]}.{mangled[(index + 2)..]}";
            }
        }

        return mangled;
    }
}
