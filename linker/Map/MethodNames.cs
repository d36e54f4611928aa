using System.Text;

namespace Atoll.Linker.Map;

/// <summary>Makes ILC's mangled names readable.</summary>
/// <remarks>
/// ILC writes <c>Assembly_Namespace_Type__Method</c>: what cannot stand in a C identifier becomes an underscore. The
/// double one before the method tells where the type ends; in the type, an underscore before a letter is read as the
/// dot that it nearly always was. An assembly that is named like its namespace is said once.
/// </remarks>
public static class MethodNames
{
    /// <summary>Readable form of a mangled name; a name that is not of that form is returned as it is.</summary>
    public static string Readable(string mangled)
    {
        int depth = 0;
        for (int index = 1; index + 2 < mangled.Length; index++)
        {
            depth += mangled[index] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0 && mangled[index] == '_' && mangled[index + 1] == '_' && mangled[index - 1] != '_')
            {
                return $"{ReadableType(mangled[..index])}.{mangled[(index + 2)..]}";
            }
        }

        return mangled;
    }

    private static string ReadableType(string mangled)
    {
        string type = WithoutRepetition(mangled);
        StringBuilder readable = new(type);
        for (int index = 1; index + 1 < type.Length; index++)
        {
            if (type[index] == '_' && char.IsLetterOrDigit(type[index - 1]) && char.IsLetter(type[index + 1]))
            {
                readable[index] = '.';
            }
        }

        return readable.ToString();
    }

    /// <summary><c>Atoll_Boot_Atoll_Boot_EventLoop</c> is <c>Atoll_Boot_EventLoop</c> of the assembly of that
    /// name.</summary>
    private static string WithoutRepetition(string type)
    {
        for (int end = type.IndexOf('_'); end >= 0; end = type.IndexOf('_', end + 1))
        {
            if (type.AsSpan(end + 1).StartsWith(type.AsSpan(0, end + 1), StringComparison.Ordinal))
            {
                return type[(end + 1)..];
            }
        }

        return type;
    }
}
