using System.Data.Common;

namespace SampleIm.Api.Storage;

/// <summary>The database could not be reached or could not write: nothing of the request has happened.</summary>
public sealed class StorageUnavailableException(DbException fault) : Exception(fault.Message, fault);
